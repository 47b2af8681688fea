using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Proofsheet.Jose;

namespace Proofsheet.Api.Tests.Support;

/// <summary>
/// An authority for the tests: a real server that publishes its keys, serves userinfo and registers clients, and that signs whatever a test wants,
/// even what no honest authority would.
/// </summary>
public sealed partial class TestAuthority : IAsyncDisposable
{
    private readonly WebApplication _app;
    private volatile IReadOnlyList<SigningKey> _published = [];

    private TestAuthority(WebApplication app) => _app = app;

    public const string OwnClient = "proofsheet-api";
    public const string OwnSecret = "own-secret";

    public string Issuer { get; private set; } = "";

    public SigningKey Key { get; private set; } = SigningKey.Create("ES256", "first");

    /// <summary>Responds with 503 to everything, as a server that is being restarted would.</summary>
    public bool IsAway { get; set; }

    public int KeyRequests { get; private set; }

    /// <summary>The userinfo responses, by subject.</summary>
    public ConcurrentDictionary<string, JsonObject> Accounts { get; } = new();

    public static async Task<TestAuthority> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var authority = new TestAuthority(app);
        authority._published = [authority.Key];
        authority.Map(app);
        await app.StartAsync();
        authority.Issuer = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return authority;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>The settings with which an API trusts this authority.</summary>
    public Dictionary<string, string?> Settings(int index = 0) => new()
    {
        [$"Authorities:{index}:Issuer"] = Issuer,
        [$"Authorities:{index}:Registration:ClientId"] = OwnClient,
        [$"Authorities:{index}:Registration:ClientSecret"] = OwnSecret,
    };

    /// <summary>Signs with another key from now on; the previous one stays published until <see cref="Withdraw"/>.</summary>
    public SigningKey Rotate(string kid)
    {
        Key = SigningKey.Create("ES256", kid);
        _published = [Key, .. _published];
        return Key;
    }

    public void Withdraw(string kid) => _published = [.. _published.Where(k => k.Kid != kid)];

    public void Publish(SigningKey key) => _published = [.. _published, key];

    /// <summary>The claims of a valid access token, for tests to change.</summary>
    public JsonObject Claims(string subject, string? tenant, string scope, Action<JsonObject>? change = null)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = subject,
            ["aud"] = "proofsheet-api",
            ["client_id"] = "dashboard",
            ["scope"] = scope,
            ["sid"] = $"sid-{Guid.NewGuid():N}",
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["family"] = $"family-{Guid.NewGuid():N}",
            ["sub_type"] = "user",
            ["auth_time"] = now,
            ["amr"] = new JsonArray("pwd"),
            ["iat"] = now,
            ["exp"] = now + 900,
        };
        if (tenant is not null)
        {
            claims["tenant"] = tenant;
        }

        change?.Invoke(claims);
        return claims;
    }

    public string Sign(JsonObject claims, string type = "at+jwt", SigningKey? key = null, JsonObject? header = null) =>
        Jws.Sign(key ?? Key, type, JsonSerializer.SerializeToUtf8Bytes(claims), header);

    /// <summary>A valid access token of a user.</summary>
    public string Token(string subject, string? tenant, string scope, Action<JsonObject>? change = null) => Sign(Claims(subject, tenant, scope, change));

    /// <summary>An account with a verified address.</summary>
    public string Account(string email, string? name = null)
    {
        var subject = $"sub-{Guid.NewGuid():N}";
        Accounts[subject] = new JsonObject { ["sub"] = subject, ["email"] = email, ["email_verified"] = true, ["name"] = name };
        return subject;
    }

    /// <summary>A Security Event Token (RFC 8417).</summary>
    public string SecurityEvent(string kind, JsonObject content, Action<JsonObject>? change = null, string type = "secevent+jwt")
    {
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = "proofsheet-api",
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["events"] = new JsonObject { [kind] = content },
        };
        change?.Invoke(claims);
        return Sign(claims, type);
    }

    private void Map(WebApplication app)
    {
        app.Use(async (http, next) =>
        {
            if (IsAway)
            {
                http.Response.StatusCode = 503;
                return;
            }

            await next(http);
        });
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = Issuer,
            jwks_uri = $"{Issuer}/jwks",
            userinfo_endpoint = $"{Issuer}/userinfo",
            token_endpoint = $"{Issuer}/token",
            registration_endpoint = $"{Issuer}/register",
        }));
        app.MapGet("/jwks", () =>
        {
            KeyRequests++;
            return Results.Text(new JsonObject { ["keys"] = new JsonArray([.. _published.Select(k => k.PublicKey.ToJson())]) }.ToJsonString(), "application/json");
        });
        app.MapGet("/userinfo", (HttpContext http) =>
        {
            var token = http.Request.Headers.Authorization.ToString()["Bearer ".Length..];
            var signed = Jws.Verify(token, new HashSet<string> { "ES256" }, h => _published.Where(k => k.Kid == h.KeyId).Select(k => k.PublicKey));
            var subject = signed.IsValid ? JsonNode.Parse(signed.Payload)!["sub"]!.GetValue<string>() : "";
            return Accounts.TryGetValue(subject, out var account) ? Results.Text(account.ToJsonString(), "application/json", Encoding.UTF8) : Results.StatusCode(403);
        });
        MapRegistration(app);
    }
}
