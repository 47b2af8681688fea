using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Web;

namespace Proofsheet.Identity.Protocol.Clients;

/// <summary>Authenticates clients: RFC 6749 section 2.3, RFC 7523. One method per request; every failure has the same response.</summary>
internal sealed class ClientAuthentication(IClientStore clients, ClientAssertions assertions, ISecurityLog securityLog, TimeProvider clock)
{
    public async Task<Outcome<Client>> AuthenticateAsync(HttpContext http, OAuthParameters parameters, CancellationToken cancellation)
    {
        var byHeader = http.Request.Headers.Authorization.Count > 0;
        if (new[] { byHeader, parameters["client_secret"] is not null, parameters["client_assertion"] is not null }.Count(m => m) > 1)
        {
            return OAuthError.InvalidRequest("A client authenticates by one method at a time.");
        }

        var (clientId, secret) = byHeader ? ReadBasic(http.Request.Headers.Authorization.ToString()) : (parameters["client_id"], parameters["client_secret"]);
        if (parameters["client_assertion"] is { } assertion)
        {
            clientId = parameters["client_assertion_type"] == ClientAssertions.Type ? ClientAssertions.SubjectOf(assertion) : null;
        }

        if (clientId is null)
        {
            return byHeader || parameters["client_assertion"] is not null
                ? OAuthError.InvalidClient(byHeader)
                : new OAuthError("invalid_client", "A client_id is missing.", StatusCodes.Status401Unauthorized);
        }

        if (parameters["client_id"] is { } named && named != clientId)
        {
            return OAuthError.InvalidRequest("client_id and the client's authentication name different clients.");
        }

        var client = await clients.FindAsync(clientId, cancellation);
        var proven = client is not null && (secret, parameters["client_assertion"]) switch
        {
            ({ } given, _) => AuthMethods.IsSecret(client.AuthMethod) && HasSecret(client, given),
            (_, { } given) => client.AuthMethod == AuthMethods.PrivateKeyJwt && await assertions.IsValidAsync(client, given, http.Request.Path, cancellation),
            _ => client.IsPublic,
        };
        if (proven)
        {
            return client!;
        }

        if (client is not null)
        {
            await securityLog.AddAsync("client_refused", client.ClientId, null, cancellation);
        }

        return OAuthError.InvalidClient(byHeader);
    }

    private bool HasSecret(Client client, string given)
    {
        var hash = Handles.HashHex(given);
        var now = clock.GetUtcNow();
        var found = false;
        foreach (var secret in client.Secrets)
        {
            found |= Handles.AreEqual(secret.Hash, hash) && (secret.ExpiresAt is null || secret.ExpiresAt > now);
        }

        return found;
    }

    // Both parts are form-encoded before they are joined (RFC 6749 section 2.3.1).
    private static (string? ClientId, string? Secret) ReadBasic(string header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || !value.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) || value.Parameter is null)
        {
            return default;
        }

        var bytes = new byte[value.Parameter.Length];
        if (!Convert.TryFromBase64String(value.Parameter, bytes, out var length))
        {
            return default;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon <= 0 ? default : (Decode(text[..colon]), Decode(text[(colon + 1)..]));

        static string Decode(string part) => Uri.UnescapeDataString(part.Replace('+', ' '));
    }
}

/// <summary>private_key_jwt (RFC 7523, OpenID Connect Core section 9).</summary>
internal sealed class ClientAssertions(IOnceStore once, IOptions<AuthorityOptions> authority, TimeProvider clock)
{
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public static readonly IReadOnlyList<string> Algorithms = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256"];

    private static readonly HashSet<string> Allowed = [.. Algorithms];

    /// <summary>Assertions with a longer lifetime would have to be remembered for too long.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    /// <summary>The client that the assertion claims to be from; unverified, only for looking up the keys.</summary>
    public static string? SubjectOf(string assertion)
    {
        var parts = assertion.Split('.');
        return parts.Length == 3 && Jose.StrictBase64Url.TryDecode(parts[1], out var payload) && Jose.StrictJson.TryParseObject(payload, out var claims)
            && claims.TryGetProperty("sub"u8, out var sub) && sub.ValueKind == System.Text.Json.JsonValueKind.String
            ? sub.GetString()
            : null;
    }

    public async Task<bool> IsValidAsync(Client client, string assertion, string path, CancellationToken cancellation)
    {
        if (client.Jwks is null || !Jose.JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(client.Jwks), out var set))
        {
            return false;
        }

        var now = clock.GetUtcNow();
        var issuer = authority.Value.Issuer;
        var signed = Jose.Jws.Verify(assertion, Allowed, header => set.Keys.Where(k => header.KeyId is null || k.Kid == header.KeyId));
        var jwt = Jose.Jwt.Validate(signed, new Jose.JwtRules
        {
            Type = null,
            Issuer = client.ClientId,
            Audiences = [issuer, issuer + Keys.Paths.Token, issuer + path],
            RequiredTexts = ["jti", "sub"],
        }, now);
        if (!jwt.IsValid || jwt.Text("sub") != client.ClientId || jwt.Text("jti") is not { Length: <= 256 } jti || jwt.Time("exp") is not { } expires || expires > now + LongestLife)
        {
            return false;
        }

        // Checked last: an assertion that fails otherwise must not use up the jti of a valid one.
        return await once.TryAddAsync("client-assertion", $"{client.ClientId}:{jti}", expires.AddMinutes(1), cancellation);
    }
}
