using System.Text.Json.Nodes;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Web;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Tests.Protocol.Support;

/// <summary>One client of each kind.</summary>
internal static class TestClients
{
    public const string Secret = "c2VjcmV0LW9mLXRoZS10ZXN0cy0zMi1ieXRlcy1sb25n";
    public const string Callback = "https://app.example/callback";
    public const string SpaCallback = "https://spa.example/callback";
    public const string ThirdCallback = "https://third.example/callback";
    public const string ExpiredSecret = "b2xkLXNlY3JldC1vZi10aGUtdGVzdHMtMzItYnl0ZXM";

    public static SigningKey Key { get; } = SigningKey.Create("ES256");

    private static readonly string[] Usual = ["openid", "profile", "email", "offline_access", "galleries:read", "galleries:write"];

    private static ClientSecret TheSecret => new(Handles.HashHex(Secret));

    public static Client Web { get; } = new()
    {
        ClientId = "web", Name = "Studio", IsFirstParty = true, AuthMethod = AuthMethods.Basic,
        Secrets = [TheSecret, new ClientSecret(Handles.HashHex(ExpiredSecret), ExpiresAt: DateTimeOffset.UnixEpoch)],
        GrantTypes = [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken], RedirectUris = [Callback, "https://app.example/other?fixed=1"],
        PostLogoutRedirectUris = ["https://app.example/bye"], Scopes = Usual,
    };

    public static Client Spa { get; } = new()
    {
        ClientId = "spa", Name = "Page", IsFirstParty = true, GrantTypes = [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken],
        RedirectUris = [SpaCallback], Scopes = Usual, AllowedOrigins = ["https://spa.example"],
    };

    public static Client Third { get; } = new()
    {
        ClientId = "third", Name = "Somebody's", AuthMethod = AuthMethods.Post, Secrets = [TheSecret], Tenant = "ben-studio",
        GrantTypes = [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken], RedirectUris = [ThirdCallback], Scopes = Usual, IdTokenAlgorithm = "RS256",
    };

    public static Client Native { get; } = new()
    {
        ClientId = "native", Name = "Plugin", IsFirstParty = true, ApplicationType = ApplicationTypes.Native,
        GrantTypes = [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken, GrantTypes.DeviceCode],
        RedirectUris = ["http://127.0.0.1/callback", "http://[::1]:7000/callback", "com.example.plugin:/callback"], Scopes = Usual,
    };

    public static Client ThirdNative { get; } = new()
    {
        ClientId = "third-native", Name = "Somebody's program", ApplicationType = ApplicationTypes.Native, GrantTypes = [GrantTypes.AuthorizationCode],
        RedirectUris = ["http://127.0.0.1/callback", "https://third.example/app"], Scopes = Usual,
    };

    public static Client Keyed { get; } = new()
    {
        ClientId = "keyed", Name = "Lab", IsFirstParty = true, AuthMethod = AuthMethods.PrivateKeyJwt, Jwks = new JsonObject { ["keys"] = new JsonArray(Key.PublicKey.ToJson()) }.ToJsonString(),
        GrantTypes = [GrantTypes.ClientCredentials], Scopes = ["partner:orders", "partner:status"],
    };

    public static Client Service { get; } = new()
    {
        ClientId = "service", Name = "The API", IsFirstParty = true, AuthMethod = AuthMethods.Basic, Secrets = [TheSecret], MayIntrospect = true,
        GrantTypes = [GrantTypes.ClientCredentials], Scopes = ["clients:register", "galleries:read"],
    };

    public static Client Bound { get; } = new()
    {
        ClientId = "bound", Name = "Bound", IsFirstParty = true, RequireDpop = true,
        GrantTypes = [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken], RedirectUris = [Callback], Scopes = Usual,
    };

    public static Client Pushed { get; } = new()
    {
        ClientId = "pushed", Name = "Pushed", IsFirstParty = true, RequirePushedRequests = true, AuthMethod = AuthMethods.Post, Secrets = [TheSecret],
        GrantTypes = [GrantTypes.AuthorizationCode], RedirectUris = [Callback], Scopes = Usual,
    };

    public static Client Plain { get; } = new()
    {
        ClientId = "plain", Name = "Without PKCE", IsFirstParty = true, RequirePkce = false, AuthMethod = AuthMethods.Basic, Secrets = [TheSecret],
        GrantTypes = [GrantTypes.AuthorizationCode], RedirectUris = [Callback], Scopes = Usual,
    };

    public static IReadOnlyList<Client> All { get; } = [Web, Spa, Third, Native, ThirdNative, Keyed, Service, Bound, Pushed, Plain];

    /// <summary>The clients as configuration. They start at 50, so that a test's own clients can start at 0.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Settings()
    {
        foreach (var (client, index) in All.Select((client, index) => (client, index + 50)))
        {
            var prefix = $"Identity:Clients:{index}:";
            foreach (var property in typeof(Client).GetProperties().Where(p => p.CanWrite))
            {
                switch (property.GetValue(client))
                {
                    case IList<string> list:
                        foreach (var (value, at) in list.Select((value, at) => (value, at)))
                        {
                            yield return new($"{prefix}{property.Name}:{at}", value);
                        }

                        break;
                    case IList<ClientSecret> secrets:
                        foreach (var (secret, at) in secrets.Select((secret, at) => (secret, at)))
                        {
                            yield return new($"{prefix}{property.Name}:{at}:Hash", secret.Hash);
                            yield return new($"{prefix}{property.Name}:{at}:ExpiresAt", secret.ExpiresAt?.ToString("O"));
                        }

                        break;
                    case { } value:
                        yield return new($"{prefix}{property.Name}", value.ToString());
                        break;
                }
            }
        }
    }
}
