using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>The metadata that the authority publishes (OpenID Connect Discovery 1.0, RFC 8414).</summary>
public sealed record AuthorityMetadata
{
    /// <summary>The issuer: the <c>iss</c> of the tokens it issues.</summary>
    public required string Issuer { get; init; }

    /// <summary>Where browsers go to sign in.</summary>
    public Uri? AuthorizationEndpoint { get; init; }

    /// <summary>Where codes, refresh tokens and client credentials are exchanged for tokens.</summary>
    public required Uri TokenEndpoint { get; init; }

    /// <summary>RFC 9126; null when requests are only accepted in the URL.</summary>
    public Uri? PushedAuthorizationRequestEndpoint { get; init; }

    /// <summary>RFC 8628; null when the device flow is not supported.</summary>
    public Uri? DeviceAuthorizationEndpoint { get; init; }

    /// <summary>RFC 7009; null when tokens cannot be revoked.</summary>
    public Uri? RevocationEndpoint { get; init; }

    /// <summary>OpenID Connect Core 1.0, section 5.3; null when there is none.</summary>
    public Uri? UserInfoEndpoint { get; init; }

    /// <summary>OpenID Connect RP-Initiated Logout 1.0; null when it is not supported.</summary>
    public Uri? EndSessionEndpoint { get; init; }

    /// <summary>Its public keys, as a JWK set.</summary>
    public Uri? JwksUri { get; init; }

    /// <summary>Whether authorization responses name the issuer (RFC 9207).</summary>
    public bool NamesItselfInAnswers { get; init; }

    internal IReadOnlyCollection<string> AssertionAlgorithms { get; init; } = [];

    internal static AuthorityMetadata Read(string json, Uri authority)
    {
        using var document = Json.Parse(json);
        var root = document.RootElement;
        var issuer = Json.Text(root, "issuer");
        if (issuer is null || issuer.TrimEnd('/') != authority.OriginalString.TrimEnd('/'))
        {
            throw new AuthorityException("bad_answer", $"The metadata at {authority} names the issuer {issuer ?? "(none)"}.");
        }

        return new AuthorityMetadata
        {
            Issuer = issuer,
            AuthorizationEndpoint = Endpoint(root, "authorization_endpoint"),
            TokenEndpoint = Endpoint(root, "token_endpoint") ?? throw new AuthorityException("bad_answer", "The metadata name no token endpoint."),
            PushedAuthorizationRequestEndpoint = Endpoint(root, "pushed_authorization_request_endpoint"),
            DeviceAuthorizationEndpoint = Endpoint(root, "device_authorization_endpoint"),
            RevocationEndpoint = Endpoint(root, "revocation_endpoint"),
            UserInfoEndpoint = Endpoint(root, "userinfo_endpoint"),
            EndSessionEndpoint = Endpoint(root, "end_session_endpoint"),
            JwksUri = Endpoint(root, "jwks_uri"),
            NamesItselfInAnswers = root.TryGetProperty("authorization_response_iss_parameter_supported", out var names) && names.ValueKind == JsonValueKind.True,
            AssertionAlgorithms = root.TryGetProperty("token_endpoint_auth_signing_alg_values_supported", out var list) && list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray().Where(a => a.ValueKind == JsonValueKind.String).Select(a => a.GetString()!)]
                : [],
        };
    }

    /// <summary>https, or http on this machine, because secrets are sent there.</summary>
    internal static bool IsSafe(Uri address) => address.IsAbsoluteUri && (address.Scheme == "https" || (address.Scheme == "http" && address.IsLoopback));

    private static Uri? Endpoint(JsonElement root, string name) => Json.Text(root, name) is not { } text
        ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && IsSafe(address)
            ? address
            : throw new AuthorityException("bad_answer", $"The metadata's {name} is no https address.");
}

/// <summary>Reads JSON from an authority.</summary>
internal static class Json
{
    public static JsonDocument Parse(string text)
    {
        try
        {
            var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new JsonException("not an object");
        }
        catch (JsonException e)
        {
            throw new AuthorityException("bad_answer", "The authority answered no JSON object.", e);
        }
    }

    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
}
