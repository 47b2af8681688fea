using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Jose;

namespace Proofsheet.Api.OAuthClients;

/// <summary>The authority's response to a registration.</summary>
internal sealed record Registration(string ClientId, string? ClientSecret, string RegistrationUri, string RegistrationToken);

/// <summary>A registration that failed.</summary>
/// <param name="detail">For the caller, if the authority says what it does not accept; null if it is unavailable or misconfigured.</param>
internal sealed class RegistrationException(string message, string? detail = null, Exception? inner = null) : Exception(message, inner)
{
    public string? Refusal => detail;
}

/// <summary>
/// Registers clients at the authority: RFC 7591 to create one, RFC 7592 to change and delete it. The API authenticates with
/// an access token of its own client.
/// </summary>
internal sealed class ClientRegistry(Authorities authorities, IHttpClientFactory clients, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _asking = new(1, 1);
    private string? _token;
    private DateTimeOffset _tokenEnds;

    public Authority? Authority { get; } = authorities.All.FirstOrDefault(a => a.Options.Registration.IsConfigured);

    public async Task<Registration> RegisterAsync(JsonObject metadata, CancellationToken cancellation)
    {
        var address = await AddressAsync("registration_endpoint", cancellation);
        using var answer = await SendAsync(() => Json(HttpMethod.Post, address, metadata), TokenAsync, cancellation);
        var made = await ReadAsync(answer, cancellation);
        return new Registration(
            Text(made, "client_id") ?? throw new RegistrationException("The authority named no client_id."),
            Text(made, "client_secret"),
            TrustedUri(Text(made, "registration_client_uri")) ?? throw new RegistrationException("The authority named no registration_client_uri that can be trusted."),
            Text(made, "registration_access_token") ?? throw new RegistrationException("The authority gave no registration_access_token."));
    }

    /// <summary>Replaces the whole metadata. The authority may give another secret and another registration token.</summary>
    public async Task<(string? ClientSecret, string? RegistrationToken, string? RegistrationUri)> ChangeAsync(
        string registrationUri, string registrationToken, JsonObject metadata, CancellationToken cancellation)
    {
        using var answer = await SendAsync(() => Json(HttpMethod.Put, new Uri(registrationUri), metadata), (_, _) => Task.FromResult(registrationToken), cancellation);
        var changed = await ReadAsync(answer, cancellation);
        return (Text(changed, "client_secret"), Text(changed, "registration_access_token"), TrustedUri(Text(changed, "registration_client_uri")));
    }

    /// <summary>Also succeeds if it is already gone: an authority answers 401 to the token of an unknown client (RFC 7592, 2.3).</summary>
    public async Task RemoveAsync(string registrationUri, string registrationToken, CancellationToken cancellation)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, registrationUri), (_, _) => Task.FromResult(registrationToken), cancellation);
        if (!answer.IsSuccessStatusCode && answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Unauthorized))
        {
            throw new RegistrationException($"The authority answered {(int)answer.StatusCode} to a removal.");
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> make, Func<bool, CancellationToken, Task<string>> token, CancellationToken cancellation)
    {
        for (var isSecondTry = false; ; isSecondTry = true)
        {
            using var request = make();
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await token(isSecondTry, cancellation));
            var answer = await TryAsync(request, cancellation);
            // Our token may have been revoked before it expired, so another one is fetched once.
            if (answer.StatusCode != HttpStatusCode.Unauthorized || isSecondTry || request.Method != HttpMethod.Post)
            {
                return answer;
            }

            answer.Dispose();
        }
    }

    private async Task<HttpResponseMessage> TryAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            return await clients.CreateClient(Auth.AccessTokens.Authority.HttpClientName).SendAsync(request, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new RegistrationException("The authority did not answer.", inner: e);
        }
    }

    private async Task<Uri> AddressAsync(string name, CancellationToken cancellation)
    {
        var authority = Authority ?? throw new RegistrationException("No authority has Registration settings.");
        return (await authority.KeysForAsync(null, cancellation))?.Address(authority.Options, name)
            ?? throw new RegistrationException($"The authority names no {name}, or cannot be reached.");
    }

    /// <summary>The API's own token, by client credentials (RFC 6749, 4.4 with the encoding of 2.3.1).</summary>
    private async Task<string> TokenAsync(bool another, CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation);
        try
        {
            if (!another && _token is not null && clock.GetUtcNow() < _tokenEnds)
            {
                return _token;
            }

            var own = Authority!.Options.Registration;
            using var request = new HttpRequestMessage(HttpMethod.Post, await AddressAsync("token_endpoint", cancellation));
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(own.ClientId)}:{Uri.EscapeDataString(own.ClientSecret)}")));
            request.Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", own.Scope)]);
            using var answer = await TryAsync(request, cancellation);
            if (!answer.IsSuccessStatusCode
                || !StrictJson.TryParseObject(await answer.Content.ReadAsByteArrayAsync(cancellation), out var issued)
                || Text(issued, "access_token") is not { } token)
            {
                throw new RegistrationException($"The authority gave the API's own client no token: {(int)answer.StatusCode}.");
            }

            var seconds = issued.TryGetProperty("expires_in", out var lasts) && lasts.TryGetInt32(out var given) ? given : 60;
            (_token, _tokenEnds) = (token, clock.GetUtcNow().AddSeconds(Math.Max(0, seconds - 30)));
            return token;
        }
        finally
        {
            _asking.Release();
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var isObject = StrictJson.TryParseObject(await answer.Content.ReadAsByteArrayAsync(cancellation), out var body);
        if (answer.StatusCode == HttpStatusCode.BadRequest && isObject && Text(body, "error") is { } error)
        {
            // RFC 7591, 3.2.2: an error that the caller can fix.
            throw new RegistrationException($"The authority refused: {error}.", Text(body, "error_description") is { Length: > 0 } why ? why[..Math.Min(why.Length, 300)] : error);
        }

        return answer.IsSuccessStatusCode && isObject ? body : throw new RegistrationException($"The authority answered {(int)answer.StatusCode} to a registration.");
    }

    private string? TrustedUri(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && Authority!.Options.Trusts(uri) && address.Length <= 1000 ? address : null;

    private static HttpRequestMessage Json(HttpMethod method, Uri address, JsonObject body) =>
        new(method, address) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
