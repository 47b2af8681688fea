using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Tests.Authorities;

/// <summary>Our own authority, with the contract's clients and some more.</summary>
public sealed class OwnAuthority : ContractAuthority
{
    private IdentityHost? _host;
    private (string Email, string Password) _person;

    public override string Issuer => Host.Issuer;

    internal IdentityHost Host => _host ?? throw new InvalidOperationException("It was not started.");

    internal override (string Email, string Password) Person => _person;

    internal override DrivenClient Server { get; } = new("server", Secret: NewSecret());

    /// <summary>The same with the other method.</summary>
    internal DrivenClient Poster { get; } = new("poster", Secret: NewSecret(), Method: "client_secret_post");

    /// <summary>Authenticates with a private key.</summary>
    internal DrivenClient Signer { get; } = new("signer", Jwk: PrivateJwk());

    /// <summary>May introspect other clients' tokens.</summary>
    internal DrivenClient Asker { get; } = new("asker", Secret: NewSecret());

    /// <summary>Where the API receives security events; set before the start.</summary>
    internal Uri? SecurityEvents { get; init; }

    public override async ValueTask InitializeAsync()
    {
        if (!Node.IsInstalled)
        {
            return;
        }

        var settings = new Dictionary<string, string?> { ["Identity:DevicePollSeconds"] = "1" };
        if (SecurityEvents is not null)
        {
            settings["Identity:EventReceivers:0:Address"] = SecurityEvents.ToString();
        }

        Add(settings, Page, "none", "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code");
        Add(settings, Server, "client_secret_basic", "client_credentials");
        Add(settings, Poster, "client_secret_post", "client_credentials");
        Add(settings, Signer, "private_key_jwt", "client_credentials");
        Add(settings, Asker, "client_secret_basic", "client_credentials");
        settings[$"{Section(settings, Asker)}:MayIntrospect"] = "true";
        _host = await IdentityHost.StartAsync(settings);
        using var person = await Users.Person.SignedInAsync(_host);
        _person = (person.Email, person.Password);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static string Section(Dictionary<string, string?> settings, DrivenClient client) =>
        settings.Single(s => s.Key.EndsWith(":ClientId", StringComparison.Ordinal) && s.Value == client.Id).Key[..^":ClientId".Length];

    private static JsonObject PrivateJwk()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = key.ExportParameters(true);
        return new JsonObject
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["alg"] = "ES256", ["kid"] = "signer-1",
            ["x"] = StrictBase64Url.Encode(parameters.Q.X), ["y"] = StrictBase64Url.Encode(parameters.Q.Y), ["d"] = StrictBase64Url.Encode(parameters.D),
        };
    }

    private static JsonObject PublicPart(JsonObject key)
    {
        var copy = (JsonObject)key.DeepClone();
        copy.Remove("d");
        return copy;
    }

    private static void Add(Dictionary<string, string?> settings, DrivenClient client, string method, params string[] grants)
    {
        var at = $"Identity:Clients:{settings.Keys.Count(k => k.EndsWith(":ClientId", StringComparison.Ordinal))}";
        settings[$"{at}:ClientId"] = client.Id;
        settings[$"{at}:Name"] = client.Id;
        settings[$"{at}:IsFirstParty"] = "true";
        settings[$"{at}:AuthMethod"] = method;
        string[] scopes = ["openid", "profile", "email", "offline_access", "galleries:read", "galleries:write", "photos:read", "settings:read", "settings:write", "studios:read", "studios:write"];
        List(settings, $"{at}:Scopes", client.RedirectUri is null ? scopes[4..] : scopes);
        List(settings, $"{at}:GrantTypes", grants);
        List(settings, $"{at}:RedirectUris", client.RedirectUri is null ? [] : [client.RedirectUri]);
        List(settings, $"{at}:PostLogoutRedirectUris", client.SignedOutUri is null ? [] : [client.SignedOutUri]);
        if (client.Jwk is not null)
        {
            settings[$"{at}:Jwks"] = new JsonObject { ["keys"] = new JsonArray(PublicPart(client.Jwk)) }.ToJsonString();
        }

        if (client.Secret is not null)
        {
            settings[$"{at}:Secrets:0:Hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(client.Secret)));
        }
    }

    private static void List(Dictionary<string, string?> settings, string at, IEnumerable<string> values)
    {
        foreach (var (value, index) in values.Select((value, index) => (value, index)))
        {
            settings[$"{at}:{index}"] = value;
        }
    }
}
