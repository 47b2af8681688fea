using System.Net;
using System.Text;
using System.Text.Json;
using System.Web;

namespace Proofsheet.Sdk.Tests.SignIn;

/// <summary>A counting authority whose refresh tokens work once; a test can override its responses.</summary>
internal sealed class StubAuthority
{
    public const string Issuer = "https://id.example";
    private readonly HashSet<string> _refreshTokens = [];
    private int _number;

    public List<(string Path, Dictionary<string, string> Form, string? Authorization)> Asked { get; } = [];

    public DateTimeOffset Now { get; set; } = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How far the authority's clock is ahead of the client's.</summary>
    public TimeSpan Ahead { get; set; }

    public List<TimeSpan> Waits { get; } = [];

    /// <summary>Changes the metadata of a working authority.</summary>
    public Action<Dictionary<string, object?>> Metadata { get; set; } = _ => { };

    /// <summary>Responds at the token endpoint instead of the stub; null: the stub responds.</summary>
    public Func<Dictionary<string, string>, Task<HttpResponseMessage?>> Token { get; set; } = _ => Task.FromResult<HttpResponseMessage?>(null);

    public int TokenRequests => Count("/connect/token");

    public AuthorityClient Client(Func<AuthorityOptions, AuthorityOptions>? change = null)
    {
        var options = new AuthorityOptions
        {
            Authority = new Uri(Issuer),
            ClientId = "client:1",
            Scope = "galleries:read",
            HttpClient = new HttpClient(new Wire(this)),
            Clock = () => Now,
            Delay = (time, _) =>
            {
                Waits.Add(time);
                Now += time;
                return Task.CompletedTask;
            },
        };
        return new AuthorityClient(change?.Invoke(options) ?? options);
    }

    public int Count(string path)
    {
        lock (Asked)
        {
            return Asked.Count(a => a.Path == path);
        }
    }

    public static HttpResponseMessage Json(int status, object body) =>
        new((HttpStatusCode)status) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Refusal(string error) => Json(400, new { error, error_description = $"It is {error}." });

    /// <summary>Tokens as the endpoint returns them; the refresh token works once.</summary>
    public Dictionary<string, object> Tokens(bool refresh = true, int seconds = 900)
    {
        lock (_refreshTokens)
        {
            var number = ++_number;
            var answer = new Dictionary<string, object> { ["access_token"] = $"access-{number}", ["token_type"] = "Bearer", ["expires_in"] = seconds };
            if (refresh)
            {
                answer["refresh_token"] = $"refresh-{number}";
                _refreshTokens.Add($"refresh-{number}");
            }

            return answer;
        }
    }

    public TokenSet SignedIn(bool refresh = true)
    {
        var answer = Tokens(refresh);
        return new TokenSet
        {
            AccessToken = (string)answer["access_token"],
            RefreshToken = refresh ? (string)answer["refresh_token"] : null,
            IssuedAt = Now,
            ExpiresAt = Now.AddSeconds(900),
        };
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var query = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var parsed = HttpUtility.ParseQueryString(query);
        var form = parsed.AllKeys.ToDictionary(k => k!, k => parsed[k]!);
        var path = request.RequestUri!.AbsolutePath;
        lock (Asked)
        {
            Asked.Add((path, form, request.Headers.Authorization?.ToString()));
        }

        var answer = path switch
        {
            "/.well-known/openid-configuration" => Json(200, Described()),
            "/connect/token" => await Token(form) ?? Granted(form),
            "/connect/deviceauthorization" => Json(200, new { device_code = "device-1", user_code = "WDJB-MJHT", verification_uri = $"{Issuer}/device", verification_uri_complete = $"{Issuer}/device?user_code=WDJB-MJHT", expires_in = 60, interval = 5 }),
            "/connect/par" => Json(201, new { request_uri = "urn:ietf:params:oauth:request_uri:1", expires_in = 60 }),
            "/connect/revocation" => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("") },
            _ => new HttpResponseMessage(HttpStatusCode.NotFound),
        };
        answer.Headers.Date = Now + Ahead;
        return answer;
    }

    private HttpResponseMessage Granted(Dictionary<string, string> form)
    {
        lock (_refreshTokens)
        {
            return form["grant_type"] == "refresh_token" && !_refreshTokens.Remove(form["refresh_token"]) ? Refusal("invalid_grant") : Json(200, Tokens(form["grant_type"] == "refresh_token"));
        }
    }

    private Dictionary<string, object?> Described()
    {
        var metadata = new Dictionary<string, object?>
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Issuer}/connect/authorize",
            ["token_endpoint"] = $"{Issuer}/connect/token",
            ["device_authorization_endpoint"] = $"{Issuer}/connect/deviceauthorization",
            ["revocation_endpoint"] = $"{Issuer}/connect/revocation",
            ["end_session_endpoint"] = $"{Issuer}/connect/endsession",
            ["authorization_response_iss_parameter_supported"] = true,
        };
        Metadata(metadata);
        return metadata;
    }

    private sealed class Wire(StubAuthority authority) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => authority.AnswerAsync(request, cancellationToken);
    }
}
