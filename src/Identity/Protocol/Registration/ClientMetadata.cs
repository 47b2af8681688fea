using System.Text.Json;
using System.Text.Json.Nodes;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Web;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Protocol.Registration;

/// <summary>Client metadata of RFC 7591 section 2, OpenID Connect Registration 1.0 and ours (<c>tenant</c>, <c>proofsheet_allowed_origins</c>).</summary>
internal static class ClientMetadata
{
    private const int MaxListed = 30;

    /// <summary>Our extension for updating a registration: the response has an additional secret, and the previous one remains valid.</summary>
    private const string RotateSecret = "proofsheet_rotate_secret";

    /// <summary>Reads the client that the registrar describes. Unknown members are ignored, as the RFC asks.</summary>
    public static Outcome<Client> Read(JsonElement json, string clientId, IResourceStore resources)
    {
        Dictionary<string, IList<string>> lists = [];
        foreach (var name in new[] { "redirect_uris", "post_logout_redirect_uris", "proofsheet_allowed_origins", "grant_types", "response_types" })
        {
            if (!TryGetList(json, name, out var list))
            {
                return Invalid($"{name} is a list of at most {MaxListed} strings.");
            }

            lists[name] = list;
        }

        foreach (var name in new[] { "client_name", "client_uri", "logo_uri", "scope", "token_endpoint_auth_method", "application_type", "tenant", "backchannel_logout_uri", "id_token_signed_response_alg" })
        {
            if (json.TryGetProperty(name, out var member) && member.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            {
                return Invalid($"{name} is a string.");
            }
        }

        foreach (var name in new[] { "dpop_bound_access_tokens", "require_pushed_authorization_requests", RotateSecret })
        {
            if (json.TryGetProperty(name, out var member) && member.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                return Invalid($"{name} is true or false.");
            }
        }

        // Fetching keys from a client-supplied URL would let clients reach into our network.
        if (json.TryGetProperty("jwks_uri"u8, out _))
        {
            return Invalid("jwks_uri is not read here: register the keys themselves as jwks.");
        }

        if (lists["response_types"].Any(t => t != "code"))
        {
            return Invalid("The response type is code, and nothing else.");
        }

        var scopes = KnownScopes.Split(Text(json, "scope"));
        if (scopes.Any(s => !resources.IsKnown(s) || KnownScopes.FirstPartyOnly.Contains(s)))
        {
            return Invalid("There is a scope that registered clients cannot have.");
        }

        var client = new Client
        {
            ClientId = clientId,
            Name = Text(json, "client_name") ?? "",
            LogoUri = Text(json, "logo_uri"),
            ClientUri = Text(json, "client_uri"),
            Tenant = Text(json, "tenant"),
            ApplicationType = Text(json, "application_type") ?? ApplicationTypes.Web,
            AuthMethod = Text(json, "token_endpoint_auth_method") ?? AuthMethods.Basic,
            Jwks = json.TryGetProperty("jwks"u8, out var jwks) ? jwks.GetRawText() : null,
            GrantTypes = lists["grant_types"].Count == 0 ? [GrantTypes.AuthorizationCode] : lists["grant_types"],
            RedirectUris = lists["redirect_uris"],
            PostLogoutRedirectUris = lists["post_logout_redirect_uris"],
            AllowedOrigins = lists["proofsheet_allowed_origins"],
            Scopes = [.. scopes],
            BackChannelLogoutUri = Text(json, "backchannel_logout_uri"),
            RequireDpop = json.TryGetProperty("dpop_bound_access_tokens"u8, out var dpop) && dpop.ValueKind == JsonValueKind.True,
            RequirePushedRequests = json.TryGetProperty("require_pushed_authorization_requests"u8, out var pushed) && pushed.ValueKind == JsonValueKind.True,
            IdTokenAlgorithm = Text(json, "id_token_signed_response_alg") ?? SignatureAlgorithms.ES256,
        };
        return Check(client);
    }

    public static bool AsksForSecret(JsonElement json) => json.TryGetProperty(RotateSecret, out var member) && member.ValueKind == JsonValueKind.True;

    /// <summary>RFC 7591 section 3.2.1. The secret and the registration token are included only once, when they are new.</summary>
    public static JsonObject Write(RegisteredClient registered, string issuer, string? secret, string? registrationToken)
    {
        var client = registered.Metadata;
        var json = new JsonObject
        {
            ["client_id"] = client.ClientId,
            ["client_id_issued_at"] = registered.CreatedAt.ToUnixTimeSeconds(),
            ["client_name"] = client.Name,
            ["application_type"] = client.ApplicationType,
            ["token_endpoint_auth_method"] = client.AuthMethod,
            ["grant_types"] = Array(client.GrantTypes),
            ["response_types"] = Array(client.Allows(GrantTypes.AuthorizationCode) ? ["code"] : []),
            ["redirect_uris"] = Array(client.RedirectUris),
            ["post_logout_redirect_uris"] = Array(client.PostLogoutRedirectUris),
            ["proofsheet_allowed_origins"] = Array(client.AllowedOrigins),
            ["scope"] = string.Join(' ', client.Scopes),
            ["id_token_signed_response_alg"] = client.IdTokenAlgorithm,
            ["dpop_bound_access_tokens"] = client.RequireDpop,
            ["require_pushed_authorization_requests"] = client.RequirePushedRequests,
            ["registration_client_uri"] = $"{issuer}{Paths.Registration}/{client.ClientId}",
        };
        foreach (var (name, value) in new[]
        {
            ("logo_uri", client.LogoUri), ("client_uri", client.ClientUri), ("tenant", client.Tenant), ("backchannel_logout_uri", client.BackChannelLogoutUri),
            ("client_secret", secret), ("registration_access_token", registrationToken),
        })
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }

        if (client.Jwks is not null)
        {
            json["jwks"] = JsonNode.Parse(client.Jwks);
        }

        if (secret is not null)
        {
            json["client_secret_expires_at"] = 0;
        }

        return json;
    }

    private static Outcome<Client> Check(Client client)
    {
        foreach (var uri in client.RedirectUris)
        {
            if (RedirectUris.Error(uri, client.ApplicationType) is { } error)
            {
                return new OAuthError("invalid_redirect_uri", $"{uri}: {error}");
            }
        }

        return ClientRules.Errors(client).FirstOrDefault() is { } broken ? Invalid(broken) : client;
    }

    private static OAuthError Invalid(string description) => new("invalid_client_metadata", description);

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String && member.GetString() is { Length: > 0 } text ? text : null;

    private static bool TryGetList(JsonElement json, string name, out IList<string> list)
    {
        list = [];
        if (!json.TryGetProperty(name, out var member))
        {
            return true;
        }

        if (member.ValueKind != JsonValueKind.Array || member.GetArrayLength() > MaxListed || member.EnumerateArray().Any(m => m.ValueKind != JsonValueKind.String))
        {
            return false;
        }

        list = [.. member.EnumerateArray().Select(m => m.GetString()!).Distinct(StringComparer.Ordinal)];
        return true;
    }

    private static JsonArray Array(IEnumerable<string> values) => [.. values.Select(v => (JsonNode)v)];
}
