using System.Net.Http.Headers;
using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>
/// One client of one authority: its metadata, and the requests that all sign-in flows are built on. Thread-safe: create one and reuse it.
/// </summary>
public sealed class AuthorityClient : IDisposable
{
    private static readonly TimeSpan MetadataLifetime = TimeSpan.FromHours(1);
    private readonly HttpClient _http;
    private readonly bool _ownsHttp;
    private (AuthorityMetadata Metadata, DateTimeOffset ReadAt)? _known;
    private TimeSpan _ahead;

    /// <summary>Creates a client with these options.</summary>
    /// <exception cref="ArgumentException">The authority is neither https nor on this machine.</exception>
    public AuthorityClient(AuthorityOptions options)
    {
        Options = options ?? throw new ArgumentNullException(nameof(options));
        if (!AuthorityMetadata.IsSafe(options.Authority))
        {
            throw new ArgumentException("An authority is an https address; http is for this machine only.", nameof(options));
        }

        _ownsHttp = options.HttpClient is null;
        _http = options.HttpClient ?? new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = 1 << 20,
        };
    }

    internal AuthorityOptions Options { get; }

    /// <summary>The time by this machine's clock, which token lifetimes are measured with.</summary>
    internal DateTimeOffset Now => Options.Clock();

    /// <summary>The time by the authority's clock, from its Date headers, for timestamps that it sets or checks. This machine's clock may be wrong.</summary>
    internal DateTimeOffset AuthorityNow => Options.Clock() + _ahead;

    /// <summary>The authority's metadata, refreshed after an hour.</summary>
    public async Task<AuthorityMetadata> MetadataAsync(CancellationToken cancellationToken = default)
    {
        if (_known is { } known && Now - known.ReadAt < MetadataLifetime)
        {
            return known.Metadata;
        }

        var address = new Uri($"{Options.Authority.OriginalString.TrimEnd('/')}/.well-known/openid-configuration");
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        var (status, text) = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (status != 200)
        {
            throw new AuthorityException("network_error", $"The authority answered {status} instead of its metadata.");
        }

        var metadata = AuthorityMetadata.Read(text, Options.Authority);
        _known = (metadata, Now);
        return metadata;
    }

    /// <summary>Revokes tokens, and everything else from the same sign-in (RFC 7009). Does nothing when the authority does not support revocation.</summary>
    public async Task RevokeAsync(TokenSet tokens, CancellationToken cancellationToken = default)
    {
        if ((await MetadataAsync(cancellationToken).ConfigureAwait(false)).RevocationEndpoint is { } endpoint)
        {
            var form = new Dictionary<string, string>
            {
                ["token"] = tokens.RefreshToken ?? tokens.AccessToken,
                ["token_type_hint"] = tokens.RefreshToken is null ? "access_token" : "refresh_token",
            };
            await PostAsync(endpoint, form, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Fetches the user's claims beyond the ID token, by the scopes profile and email (OpenID Connect Core 1.0, section 5.3).</summary>
    /// <param name="tokens">The user's tokens.</param>
    /// <param name="subject">The subject that the response must be about.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<UserInfo> UserInfoAsync(TokenSet tokens, string subject, CancellationToken cancellationToken = default)
    {
        var metadata = await MetadataAsync(cancellationToken).ConfigureAwait(false);
        var endpoint = metadata.UserInfoEndpoint ?? throw new AuthorityException("bad_answer", "The authority tells nothing about people.");
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        var (status, text) = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (status != 200)
        {
            throw new AuthorityException(status == 401 ? "invalid_token" : "bad_answer", $"The authority answered {status} about the person.");
        }

        using var document = Json.Parse(text);
        var claims = document.RootElement.Clone();
        // Section 5.3.2: a response about another subject must not be used.
        return Json.Text(claims, "sub") == subject
            ? new UserInfo { Subject = subject, Name = Json.Text(claims, "name"), Email = Json.Text(claims, "email"), Claims = claims }
            : throw new AuthorityException("bad_answer", "The authority answered for another account.");
    }

    /// <summary>Requests tokens with any grant, for those that have no method here.</summary>
    public Task<TokenSet> RequestTokensAsync(IReadOnlyDictionary<string, string> form, CancellationToken cancellationToken = default) =>
        RequestTokensAsync(form, before: null, cancellationToken);

    internal async Task<TokenSet> RequestTokensAsync(IReadOnlyDictionary<string, string> form, TokenSet? before, CancellationToken cancellationToken)
    {
        var metadata = await MetadataAsync(cancellationToken).ConfigureAwait(false);
        var askedAt = Now;
        var answer = await PostAsync(metadata.TokenEndpoint, form, cancellationToken).ConfigureAwait(false);
        return TokenSet.Read(answer, askedAt, before);
    }

    internal Task<TokenSet> RefreshAsync(TokenSet tokens, CancellationToken cancellationToken) => RequestTokensAsync(
        new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = tokens.RefreshToken! }, tokens, cancellationToken);

    /// <summary>Posts a form with the client's authentication; returns the JSON object of the response, or an empty one.</summary>
    internal async Task<JsonElement> PostAsync(Uri endpoint, IReadOnlyDictionary<string, string> form, CancellationToken cancellationToken)
    {
        var metadata = await MetadataAsync(cancellationToken).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        var fields = form.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
        Options.Authentication.Apply(request, fields, Options.ClientId, metadata, AuthorityNow);
        request.Content = new FormUrlEncodedContent(fields);
        request.Headers.Accept.ParseAdd("application/json");
        var (status, text) = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (status is >= 200 and < 300 && text.Length == 0)
        {
            text = "{}";
        }

        if (status >= 500 || status == 429)
        {
            throw new AuthorityException("network_error", $"The authority answered {status}.");
        }

        using var document = Json.Parse(text);
        return status is >= 200 and < 300
            ? document.RootElement.Clone()
            : throw new AuthorityException(Json.Text(document.RootElement, "error") ?? "bad_answer", Json.Text(document.RootElement, "error_description"));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_ownsHttp)
        {
            _http.Dispose();
        }
    }

    private async Task<(int Status, string Text)> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Options.Timeout);
        try
        {
            using var answer = await _http.SendAsync(request, limit.Token).ConfigureAwait(false);
            // A few seconds may be network latency; more means that a clock is wrong.
            _ahead = answer.Headers.Date is { } date && (date - Now).Duration() > TimeSpan.FromSeconds(5) ? date - Now : TimeSpan.Zero;
            return ((int)answer.StatusCode, await answer.Content.ReadTextAsync(limit.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new AuthorityException("network_error", "The authority could not be reached.", e);
        }
    }
}
