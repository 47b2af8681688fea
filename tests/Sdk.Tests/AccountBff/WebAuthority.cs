using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Proofsheet.Sdk.Tests.AccountBff;

/// <summary>A counting authority and API on one socket, for what a real one does not do on demand. Refresh tokens work once.</summary>
internal sealed class WebAuthority : IAsyncDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _otherCurve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RSA _weak = RSA.Create(1024);
    private readonly byte[] _symmetric = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, Dictionary<string, string>> _pushed = new();
    private readonly ConcurrentDictionary<string, (string Nonce, string Subject, string SessionId)> _codes = new();
    private readonly ConcurrentDictionary<string, bool> _refreshTokens = new();
    private WebApplication? _app;
    private int _number;

    public string Issuer { get; private set; } = "";

    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The requests to the API: path, credential and body.</summary>
    public ConcurrentQueue<(string Line, string? Authorization, string? Cookie, string Body)> ApiAsked { get; } = new();

    public int ExpiresIn { get; set; } = 900;

    public Func<HttpContext, Task> Api { get; set; } = http => http.Response.WriteAsJsonAsync<object>(http.Request.Path.Value switch
    {
        "/v1/studios" => new { data = new[] { new { id = "ten_1", name = "Anna & <b>Lindqvist</b>", slug = "anna", isSandbox = false, role = "owner", scopes = Array.Empty<string>() } }, nextCursor = (string?)null },
        "/v1/onboarding" => new { studioId = (string?)null, slug = (string?)null, isComplete = false, steps = new[] { new { name = "gallery", isDone = false, isOptional = false, operation = "CreateGallery", method = "POST", path = "/v1/galleries" } } },
        _ => new { data = Array.Empty<object>(), nextCursor = (string?)null },
    });

    /// <summary>Blocks refreshes until the test completes it.</summary>
    public TaskCompletionSource? HoldRefresh { get; set; }

    /// <summary>While true, connections for tokens are closed without an answer.</summary>
    public bool IsDown { get; set; }

    public int Count(string line) => Asked.Count(a => a == line);

    public static async Task<WebAuthority> StartAsync()
    {
        var authority = new WebAuthority();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        authority._app = builder.Build();
        authority._app.Run(authority.AnswerAsync);
        await authority._app.StartAsync();
        authority.Issuer = authority._app.Urls.Single();
        return authority;
    }

    /// <summary>Signs the user in and returns where the browser is redirected.</summary>
    public string SignIn(Uri address, string subject, string sessionId)
    {
        var query = System.Web.HttpUtility.ParseQueryString(address.Query);
        var request = _pushed[query["request_uri"]!];
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (request["nonce"], subject, sessionId);
        return $"{request["redirect_uri"]}?code={code}&state={request["state"]}&iss={Uri.EscapeDataString(Issuer)}";
    }

    public Dictionary<string, string> PushedFor(Uri address) => _pushed[System.Web.HttpUtility.ParseQueryString(address.Query)["request_uri"]!];

    /// <summary>Refuses all refresh tokens from now on.</summary>
    public void EndAll() => _refreshTokens.Clear();

    public Dictionary<string, object?> LogoutClaims(string? sessionId, string? subject) => new()
    {
        ["iss"] = Issuer,
        ["aud"] = "account-bff",
        ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        ["exp"] = DateTimeOffset.UtcNow.AddMinutes(2).ToUnixTimeSeconds(),
        ["jti"] = Guid.NewGuid().ToString("N"),
        ["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new { } },
        ["sid"] = sessionId,
        ["sub"] = subject,
    };

    public string Sign(Dictionary<string, object?> claims, string type = "logout+jwt", string algorithm = "ES256", ECDsa? with = null, string? kid = "key-1", string[]? critical = null)
    {
        var header = new Dictionary<string, object?> { ["alg"] = algorithm, ["typ"] = type, ["kid"] = kid, ["crit"] = critical };
        var signed = $"{Part(Given(header))}.{Part(Given(claims))}";
        return $"{signed}.{Base64Url.EncodeToString((with ?? _key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>Signs the claims exactly as given.</summary>
    public string SignText(string claims)
    {
        var signed = $"{Part(new { alg = "ES256", typ = "logout+jwt", kid = "key-1" })}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>A valid signature with one of the other published keys.</summary>
    public string SignOtherwise(Dictionary<string, object?> claims, string algorithm, string kid)
    {
        var signed = $"{Part(new { alg = algorithm, typ = "logout+jwt", kid })}.{Part(Given(claims))}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = (algorithm, kid) switch
        {
            ("HS256", _) => HMACSHA256.HashData(_symmetric, bytes),
            (_, "key-p384") => _otherCurve.SignData(bytes, HashAlgorithmName.SHA256),
            (_, "key-weak") => _weak.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            ("RS512", _) => _rsa.SignData(bytes, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
            ("PS256", _) => _rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            _ => _rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        };
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _key.Dispose();
        _otherCurve.Dispose();
        _rsa.Dispose();
        _weak.Dispose();
    }

    private object[] Keys() =>
    [
        Curve(_key, "P-256", "key-1"),
        Curve(_otherCurve, "P-384", "key-p384"),
        Modulus(_rsa, "key-rsa", "sig"),
        Modulus(_rsa, "key-encryption", "enc"),
        Modulus(_weak, "key-weak", "sig"),
        new { kty = "oct", use = "sig", kid = "key-symmetric", k = Base64Url.EncodeToString(_symmetric) },
    ];

    private static object Curve(ECDsa key, string crv, string kid)
    {
        var point = key.ExportParameters(false).Q;
        return new { kty = "EC", crv, use = "sig", kid, x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) };
    }

    private static object Modulus(RSA key, string kid, string use)
    {
        var parameters = key.ExportParameters(false);
        return new { kty = "RSA", use, kid, n = Base64Url.EncodeToString(parameters.Modulus), e = Base64Url.EncodeToString(parameters.Exponent) };
    }

    private static Dictionary<string, object?> Given(Dictionary<string, object?> members) => members.Where(c => c.Value is not null).ToDictionary();

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));

    private async Task AnswerAsync(HttpContext http)
    {
        var line = $"{http.Request.Method} {http.Request.Path}";
        Asked.Enqueue(line);
        switch (line)
        {
            case "GET /.well-known/openid-configuration":
                await http.Response.WriteAsJsonAsync(new
                {
                    issuer = Issuer,
                    authorization_endpoint = $"{Issuer}/connect/authorize",
                    token_endpoint = $"{Issuer}/connect/token",
                    pushed_authorization_request_endpoint = $"{Issuer}/connect/par",
                    revocation_endpoint = $"{Issuer}/connect/revocation",
                    end_session_endpoint = $"{Issuer}/connect/endsession",
                    jwks_uri = $"{Issuer}/jwks",
                    authorization_response_iss_parameter_supported = true,
                });
                break;
            case "GET /jwks":
                await http.Response.WriteAsJsonAsync(new { keys = Keys() });
                break;
            case "POST /connect/par":
                var name = $"urn:ietf:params:oauth:request_uri:{Guid.NewGuid():N}";
                _pushed[name] = (await http.Request.ReadFormAsync()).ToDictionary(f => f.Key, f => f.Value.ToString());
                http.Response.StatusCode = 201;
                await http.Response.WriteAsJsonAsync(new { request_uri = name, expires_in = 60 });
                break;
            case "POST /connect/token" when IsDown:
                http.Abort();
                break;
            case "POST /connect/token":
                await TokenAsync(http);
                break;
            case "POST /connect/revocation":
                break;
            default:
                using (var reader = new StreamReader(http.Request.Body))
                {
                    ApiAsked.Enqueue(($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}", http.Request.Headers.Authorization, http.Request.Headers.Cookie, await reader.ReadToEndAsync()));
                }

                await Api(http);
                break;
        }
    }

    private async Task TokenAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var number = Interlocked.Increment(ref _number);
        string? idToken = null;
        if (form["grant_type"] == "authorization_code" && _codes.TryRemove(form["code"]!, out var code))
        {
            idToken = Sign(
                new() { ["iss"] = Issuer, ["aud"] = "account-bff", ["sub"] = code.Subject, ["sid"] = code.SessionId, ["name"] = $"Name of {code.Subject}", ["nonce"] = code.Nonce, ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), ["exp"] = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds() },
                "JWT");
        }
        else
        {
            if (HoldRefresh is { } hold)
            {
                await hold.Task;
            }

            if (!_refreshTokens.TryRemove(form["refresh_token"].ToString(), out _))
            {
                http.Response.StatusCode = 400;
                await http.Response.WriteAsJsonAsync(new { error = "invalid_grant" });
                return;
            }
        }

        _refreshTokens[$"refresh-{number}"] = true;
        await http.Response.WriteAsJsonAsync(new Dictionary<string, object?> { ["access_token"] = $"access-{number}", ["token_type"] = "Bearer", ["expires_in"] = ExpiresIn, ["refresh_token"] = $"refresh-{number}", ["id_token"] = idToken }
            .Where(f => f.Value is not null).ToDictionary());
    }
}
