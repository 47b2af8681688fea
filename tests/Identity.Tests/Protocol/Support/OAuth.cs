using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Tests.Protocol.Support;

/// <summary>A response, with its JSON if it has any.</summary>
internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, string Text)
{
    public JsonNode? Json { get; } = Text.StartsWith('{') ? JsonNode.Parse(Text) : null;

    public string? this[string member] => Json?[member]?.ToString();

    public string? Error => this["error"];

    public Uri Location => Headers.Location!;

    /// <summary>A parameter of the URL that the response redirects to.</summary>
    public string? Redirected(string name)
    {
        var location = Headers.Location is null ? "" : Headers.Location.OriginalString;
        var query = location.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? null : QueryHelpers.ParseQuery(location[query..]).TryGetValue(name, out var value) ? value.ToString() : null;
    }

    public Answer ShouldBe(HttpStatusCode status)
    {
        Status.Should().Be(status, "the body says {0}", Text);
        return this;
    }

    public Answer ShouldFail(string error, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        Error.Should().Be(error, "the answer was {0} {1}", Status, Text);
        return ShouldBe(status);
    }
}

/// <summary>A client of the authority, over HTTP, with its own browser.</summary>
internal sealed class OAuth(IdentityHost host) : IDisposable
{
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    public static readonly string Challenge = StrictBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    private readonly HttpClient _http = host.Http();

    public IdentityHost Host => host;

    /// <summary>The cookies of this browser, handled manually because secure ones are sent over plain HTTP.</summary>
    public Dictionary<string, string> Cookies { get; } = [];

    public void Dispose() => _http.Dispose();

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}")));
        }

        using var response = await _http.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set)
            {
                var pair = cookie.Split(';')[0].Split('=', 2);
                Cookies[pair[0]] = pair[1];
            }
        }

        return new Answer(response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsStringAsync());
    }

    public Task<Answer> GetAsync(string address, SignedIn? session = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (session is not null)
        {
            request.Headers.Add(TestSessions.Header, session.SessionId);
        }

        return SendAsync(request);
    }

    public Task<Answer> PostAsync(string address, IEnumerable<KeyValuePair<string, string?>> form, Client? client = null, string? dpop = null, SignedIn? session = null)
    {
        var fields = form.Where(f => f.Value is not null).Select(f => KeyValuePair.Create(f.Key, f.Value!)).ToList();
        var request = new HttpRequestMessage(HttpMethod.Post, address);
        switch (client?.AuthMethod)
        {
            case AuthMethods.Basic:
                request.Headers.Authorization = Basic(client.ClientId, TestClients.Secret);
                break;
            case AuthMethods.Post:
                Name(client);
                fields.Add(new("client_secret", TestClients.Secret));
                break;
            case AuthMethods.PrivateKeyJwt:
                fields.Add(new("client_assertion_type", ClientAssertions.Type));
                fields.Add(new("client_assertion", Assertion(client.ClientId)));
                break;
            case AuthMethods.None:
                Name(client);
                break;
        }

        request.Content = new FormUrlEncodedContent(fields);
        if (dpop is not null)
        {
            request.Headers.Add("DPoP", dpop);
        }

        if (session is not null)
        {
            request.Headers.Add(TestSessions.Header, session.SessionId);
        }

        return SendAsync(request);

        void Name(Client client)
        {
            if (fields.All(f => f.Key != "client_id"))
            {
                fields.Add(new("client_id", client.ClientId));
            }
        }
    }

    public Task<Answer> TokenAsync(Client client, IEnumerable<KeyValuePair<string, string?>> form, string? dpop = null) => PostAsync("/connect/token", form, client, dpop);

    public static AuthenticationHeaderValue Basic(string clientId, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(clientId)}:{Uri.EscapeDataString(secret)}")));

    /// <summary>The parameters of a valid authorization request; tests change or remove some (null: omitted).</summary>
    public static Dictionary<string, string?> Request(Client client, params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["client_id"] = client.ClientId,
            ["redirect_uri"] = client.RedirectUris[0],
            ["response_type"] = "code",
            ["scope"] = "openid offline_access galleries:read",
            ["state"] = "the-state",
            ["nonce"] = "the-nonce",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return parameters;
    }

    public static string Address(IEnumerable<KeyValuePair<string, string?>> parameters, string path = "/connect/authorize") =>
        QueryHelpers.AddQueryString(path, parameters.Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value));

    public Task<Answer> AuthorizeAsync(SignedIn? session, IEnumerable<KeyValuePair<string, string?>> parameters) => GetAsync(Address(parameters), session);

    /// <summary>The redirect after the user consented to everything; the response itself when no consent was needed.</summary>
    public async Task<Answer> AgreedAsync(Answer answer, SignedIn session)
    {
        if (answer.Headers.Location?.OriginalString.StartsWith("/consent?", StringComparison.Ordinal) != true)
        {
            return answer;
        }

        var (id, browser) = (answer.Redirected("interaction")!, new DefaultHttpContext());
        browser.Request.Headers.Cookie = string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}"));
        await using var scope = host.Services.CreateAsyncScope();
        var interactions = scope.ServiceProvider.GetRequiredService<IInteractions>();
        var asked = await interactions.FindAsync(id, browser, default);
        await interactions.ConsentAsync(id, browser, session, asked!.Scopes, remember: true, default);
        return await GetAsync(interactions.ResumeAddress(id), session);
    }

    /// <summary>A code for the client, with consent if it is needed.</summary>
    public async Task<string> CodeAsync(Client client, SignedIn session, params (string Name, string? Value)[] changes)
    {
        var answer = await AgreedAsync(await AuthorizeAsync(session, Request(client, changes)), session);
        answer.ShouldBe(HttpStatusCode.Redirect);
        return answer.Redirected("code") ?? throw new Xunit.Sdk.XunitException($"There is no code in {answer.Location}");
    }

    public static Dictionary<string, string?> CodeForm(Client client, string code, params (string Name, string? Value)[] changes)
    {
        var form = new Dictionary<string, string?>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = client.RedirectUris[0], ["code_verifier"] = Verifier,
        };
        foreach (var (name, value) in changes)
        {
            form[name] = value;
        }

        return form;
    }

    public static Dictionary<string, string?> RefreshForm(string? refreshToken, params (string Name, string? Value)[] changes)
    {
        var form = new Dictionary<string, string?> { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken };
        foreach (var (name, value) in changes)
        {
            form[name] = value;
        }

        return form;
    }

    /// <summary>Tokens from the complete flow.</summary>
    public async Task<Answer> TokensAsync(Client client, SignedIn session, string? dpop = null, params (string Name, string? Value)[] changes) =>
        (await TokenAsync(client, CodeForm(client, await CodeAsync(client, session, changes)), dpop)).ShouldBe(HttpStatusCode.OK);

    /// <summary>Calls userinfo with a token, which shows whether the authority itself still accepts it.</summary>
    public Task<Answer> UserInfoAsync(string? accessToken, string scheme = "Bearer", string? dpop = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = new(scheme, accessToken);
        if (dpop is not null)
        {
            request.Headers.Add("DPoP", dpop);
        }

        return SendAsync(request);
    }

    public string Assertion(string clientId, Action<JsonObject>? change = null, SigningKey? key = null)
    {
        var now = host.Clock.GetUtcNow();
        var claims = new JsonObject
        {
            ["iss"] = clientId, ["sub"] = clientId, ["aud"] = host.Issuer, ["jti"] = Guid.NewGuid().ToString("N"), ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = now.AddMinutes(1).ToUnixTimeSeconds(),
        };
        change?.Invoke(claims);
        return Jws.Sign(key ?? TestClients.Key, "JWT", JsonSerializer.SerializeToUtf8Bytes(claims));
    }

    public string Proof(SigningKey key, string method, string path, string? accessToken = null, Action<JsonObject>? change = null, JsonObject? jwk = null, string type = "dpop+jwt")
    {
        var claims = new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString("N"), ["htm"] = method, ["htu"] = host.Issuer + path, ["iat"] = host.Clock.GetUtcNow().ToUnixTimeSeconds(),
        };
        if (accessToken is not null)
        {
            claims["ath"] = StrictBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));
        }

        change?.Invoke(claims);
        return Jws.Sign(key, type, JsonSerializer.SerializeToUtf8Bytes(claims), new JsonObject { ["jwk"] = jwk ?? key.PublicKey.ToJson() });
    }

    /// <summary>The claims of a token, after verifying its signature with the published keys.</summary>
    public async Task<JsonNode> VerifiedAsync(string? token, string type)
    {
        JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes((await GetAsync("/.well-known/openid-configuration/jwks")).Text), out var set).Should().BeTrue();
        var result = Jws.Verify(token!, SignatureAlgorithms.All, header => set!.Keys.Where(k => k.Kid == header.KeyId));
        result.IsValid.Should().BeTrue("it failed by {0}", result.Failure);
        result.Header.Type.Should().Be(type);
        return JsonNode.Parse(result.Payload)!;
    }
}
