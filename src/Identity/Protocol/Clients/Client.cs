namespace Proofsheet.Identity.Protocol.Clients;

/// <summary>An application that requests tokens, either configured or registered (RFC 7591).</summary>
internal sealed record Client
{
    public string ClientId { get; init; } = "";

    public string Name { get; init; } = "";

    public string? LogoUri { get; init; }

    public string? ClientUri { get; init; }

    /// <summary>Made by the operator of this installation: no consent is needed.</summary>
    public bool IsFirstParty { get; init; }

    /// <summary>The studio that registered it: all of its tokens carry this tenant, whatever is requested.</summary>
    public string? Tenant { get; init; }

    /// <summary><c>native</c> may use loopback and private-use redirects (RFC 8252); <c>web</c> only https.</summary>
    public string ApplicationType { get; init; } = ApplicationTypes.Web;

    /// <summary>How it authenticates; <c>none</c> for a public client.</summary>
    public string AuthMethod { get; init; } = AuthMethods.None;

    /// <summary>SHA-256 (lowercase hex) of each secret. At most two are live, for rotation.</summary>
    public IList<ClientSecret> Secrets { get; init; } = [];

    /// <summary>Its public keys as a JWK Set, for <see cref="AuthMethods.PrivateKeyJwt"/>.</summary>
    public string? Jwks { get; init; }

    public IList<string> GrantTypes { get; init; } = [];

    public IList<string> RedirectUris { get; init; } = [];

    public IList<string> PostLogoutRedirectUris { get; init; } = [];

    /// <summary>Browser origins whose pages may read responses of the token endpoints.</summary>
    public IList<string> AllowedOrigins { get; init; } = [];

    /// <summary>The scopes it may request.</summary>
    public IList<string> Scopes { get; init; } = [];

    /// <summary>Where it is notified that a session ended (OIDC Back-Channel Logout 1.0).</summary>
    public string? BackChannelLogoutUri { get; init; }

    public bool RequirePushedRequests { get; init; }

    public bool RequireDpop { get; init; }

    /// <summary>Only a confidential client may omit PKCE; even then a request that used it cannot be downgraded.</summary>
    public bool RequirePkce { get; init; } = true;

    public string IdTokenAlgorithm { get; init; } = "ES256";

    /// <summary>Whether it may introspect tokens of other clients (RFC 7662).</summary>
    public bool MayIntrospect { get; init; }

    public bool IsPublic => AuthMethod == AuthMethods.None;

    public bool NeedsPkce => RequirePkce || IsPublic;

    public bool Allows(string grantType) => GrantTypes.Contains(grantType);
}

/// <param name="Hash">SHA-256 in lowercase hex: the secrets have 256 bits, so a slow hash is not needed.</param>
internal sealed record ClientSecret(string Hash, DateTimeOffset? CreatedAt = null, DateTimeOffset? ExpiresAt = null);

internal static class ApplicationTypes
{
    public const string Web = "web";
    public const string Native = "native";
}

internal static class AuthMethods
{
    public const string None = "none";
    public const string Basic = "client_secret_basic";
    public const string Post = "client_secret_post";
    public const string PrivateKeyJwt = "private_key_jwt";

    public static IReadOnlyList<string> All { get; } = [None, Basic, Post, PrivateKeyJwt];

    public static bool IsSecret(string method) => method is Basic or Post;
}

internal static class GrantTypes
{
    public const string AuthorizationCode = "authorization_code";
    public const string RefreshToken = "refresh_token";
    public const string ClientCredentials = "client_credentials";
    public const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";

    public static IReadOnlyList<string> All { get; } = [AuthorizationCode, RefreshToken, ClientCredentials, DeviceCode];
}
