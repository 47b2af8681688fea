using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Tests.Users;

/// <summary>
/// Our own OAuth provider on a socket, as strict as the real ones: single-use codes, PKCE, the client secret, the redirect URI. The test decides who
/// authorizes there.
/// </summary>
internal sealed class SocialProviderForTests : IAsyncDisposable
{
    public const string Secret = "the-clients-secret";

    /// <summary>The client that has no secret of its own and signs one with Apple's key.</summary>
    public const string AppleClient = "proofsheet.web";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (JsonObject Claims, string? Challenge, string RedirectUri)> _codes = new();
    private readonly ConcurrentDictionary<string, JsonObject> _tokens = new();
    private readonly SigningKey? _appleKey;

    private SocialProviderForTests(WebApplication app, SigningKey? appleKey) => (_app, _appleKey) = (app, appleKey);

    public string Address { get; private set; } = "";

    public List<string> Refusals { get; } = [];

    public static async Task<SocialProviderForTests> StartAsync(SigningKey? appleKey = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        var provider = new SocialProviderForTests(app, appleKey);
        app.MapPost("/token", provider.TokenAsync);
        app.MapGet("/userinfo", provider.UserInfo);
        await app.StartAsync();
        provider.Address = app.Urls.Single();
        return provider;
    }

    /// <summary>What the provider returns for an authorization URL: the query of a redirect, or the fields of a form.</summary>
    public Dictionary<string, string> Authorize(string address, JsonObject claims)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        var code = RandomNumberGenerator.GetHexString(32);
        _codes[code] = (claims, query.TryGetValue("code_challenge", out var challenge) ? challenge.ToString() : null, query["redirect_uri"].ToString());
        return new() { ["code"] = code, ["state"] = query["state"].ToString() };
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (!_codes.TryRemove(form["code"].ToString(), out var code)
            || code.RedirectUri != form["redirect_uri"]
            || (code.Challenge is not null && code.Challenge != StrictBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))))
            || !IsSecret(form["client_id"].ToString(), form["client_secret"].ToString()))
        {
            Refusals.Add(string.Join('&', form.Select(f => $"{f.Key}={f.Value}")));
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }

        var token = RandomNumberGenerator.GetHexString(32);
        _tokens[token] = code.Claims;
        // Like Apple's: the user's claims in a signed token. It is not trusted because of its signature.
        var idToken = $"{StrictBase64Url.Encode("{\"alg\":\"RS256\"}"u8)}.{StrictBase64Url.Encode(Encoding.UTF8.GetBytes(code.Claims.ToJsonString()))}.AAAA";
        return Results.Json(new { access_token = token, token_type = "Bearer", expires_in = 60, id_token = idToken });
    }

    private IResult UserInfo(HttpRequest request) => _tokens.TryGetValue(request.Headers.Authorization.ToString()["Bearer ".Length..], out var claims)
        ? Results.Text(claims.ToJsonString(), "application/json")
        : Results.Unauthorized();

    private bool IsSecret(string client, string secret)
    {
        if (client != AppleClient || _appleKey is null)
        {
            return secret == Secret;
        }

        var jws = Jws.Verify(secret, new HashSet<string> { "ES256" }, header => header.KeyId == _appleKey.Kid ? [_appleKey.PublicKey] : []);
        if (!jws.IsValid)
        {
            return false;
        }

        using var claims = JsonDocument.Parse(jws.Payload);
        return claims.RootElement.GetProperty("iss").GetString() == "TEAM" && claims.RootElement.GetProperty("aud").GetString() == "https://appleid.apple.com";
    }
}
