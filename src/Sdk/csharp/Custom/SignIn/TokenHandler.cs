using System.Net;
using System.Net.Http.Headers;

namespace Proofsheet.Sdk;

/// <summary>
/// A handler for your own HttpClient: adds the access token to each request, and retries once with a new one after a 401.
/// A <see cref="ProofsheetClient"/> does not need it: set <see cref="ProofsheetOptions.Tokens"/> instead.
/// </summary>
/// <param name="source">Where the tokens come from.</param>
public sealed class TokenHandler(ITokenSource source) : DelegatingHandler
{
    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is not null)
        {
            // Buffered, because a stream could be sent only once.
            await request.Content.ReadBytesAsync(cancellationToken).ConfigureAwait(false);
        }

        var token = await source.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        var answer = await SendAsync(request, token, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode != HttpStatusCode.Unauthorized || token is null || !source.Refuse(token))
        {
            return answer;
        }

        var next = await source.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        if (next is null || next == token)
        {
            return answer;
        }

        answer.Dispose();
        return await SendAsync(request, next, cancellationToken).ConfigureAwait(false);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? token, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return base.SendAsync(request, cancellationToken);
    }
}
