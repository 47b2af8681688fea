using System.Net.Http.Headers;

namespace Proofsheet.Sdk;

/// <summary>
/// Adds the credential, retries what can be retried safely, and throws error responses as exceptions. Requests that can be repeated without harm
/// are retried: GET, HEAD, PUT, DELETE, PATCH without If-Match, and POST with the Idempotency-Key that this handler adds. A 429 or 503 is
/// returned before anything was done, so after these every request is retried.
/// </summary>
internal sealed class RetryingHandler(ProofsheetOptions options, HttpClient inner) : HttpMessageHandler
{
    /// <summary>A marker header from the client to this handler; it is never sent. (.NET Standard 2.0 has no request options.)</summary>
    public const string WithoutCredential = "X-Without-Credential";

    /// <summary>Another marker: the caller does its own retries.</summary>
    public const string SingleTry = "X-Single-Try";

    private static readonly Random Jitter = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // An upload's files are reopened for each try; the API recognizes them by their content.
        var upload = request.Content is StreamedContent;
        var retries = request.Headers.Contains(SingleTry) ? 0 : options.MaxRetries;
        if (request.Method == HttpMethod.Post && !request.Headers.Contains("Idempotency-Key"))
        {
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        }

        var body = request.Content is null || upload ? null : await request.Content.ReadBytesAsync(cancellationToken).ConfigureAwait(false);
        var safe = request.Method.Method != "PATCH" || !request.Headers.Contains("If-Match");
        var credential = await CredentialAsync(request, cancellationToken).ConfigureAwait(false);
        var refused = false;
        for (var tried = 0; ; tried++)
        {
            try
            {
                return await TryAsync(request, credential, body, upload, cancellationToken).ConfigureAwait(false);
            }
            catch (ProofsheetUnauthorizedException) when (!refused && credential is not null && options.Tokens is { } tokens && tokens.Refuse(credential))
            {
                // The token or its key was revoked; a new token may work. This does not count as a retry.
                refused = true;
                tried--;
                var next = await CredentialAsync(request, cancellationToken).ConfigureAwait(false);
                if (next is null || next == credential)
                {
                    throw;
                }

                credential = next;
                continue;
            }
            catch (ProofsheetException refusal) when (tried < retries && MayRepeat(refusal, safe) && WaitFor(refusal, tried) is not null)
            {
                await Task.Delay(WaitFor(refusal, tried)!.Value, cancellationToken).ConfigureAwait(false);
            }

            credential = await CredentialAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The delay before the next try; null when the API asks for more than the maximum.</summary>
    private TimeSpan? WaitFor(ProofsheetException refusal, int tried)
    {
        if (refusal.RetryAfter > options.MaxRetryDelay)
        {
            return null;
        }

        var backoff = Math.Min(options.RetryDelay.TotalMilliseconds * Math.Pow(2, tried), options.MaxRetryDelay.TotalMilliseconds);
        double part;
        lock (Jitter)
        {
            part = Jitter.NextDouble();
        }

        var jittered = TimeSpan.FromMilliseconds(backoff * (0.5 + (part / 2)));
        return refusal.RetryAfter > jittered ? refusal.RetryAfter : jittered;
    }

    private static bool MayRepeat(ProofsheetException refusal, bool safe) => (int?)refusal.Status switch
    {
        429 or 503 => true,
        null or 502 or 504 => safe,
        // The connection broke, but the first request with this key may still be running: retrying returns its result.
        409 => refusal.Code == "idempotency_in_flight",
        _ => false,
    };

    private async Task<HttpResponseMessage> TryAsync(HttpRequestMessage request, string? credential, byte[]? body, bool upload, CancellationToken cancellationToken)
    {
        using var copy = Copy(request, credential, body);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (!upload)
        {
            limit.CancelAfter(options.Timeout);
        }

        HttpResponseMessage? answer = null;
        try
        {
            answer = await inner.SendAsync(copy, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            var text = answer.Content is null ? "" : await answer.Content.ReadTextAsync(limit.Token).ConfigureAwait(false);
            throw ProofsheetException.Of(ProofsheetProblem.Read((int)answer.StatusCode, text, RetryAfter(answer.Headers.RetryAfter)));
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Also when the connection breaks within the body of an error.
            throw new ProofsheetConnectionException(e);
        }
        finally
        {
            if (answer is { IsSuccessStatusCode: false })
            {
                answer.Dispose();
            }
        }
    }

    /// <summary>Null when the request must not, or need not, carry a credential.</summary>
    private async Task<string?> CredentialAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Contains(WithoutCredential) || request.Headers.Authorization is not null)
        {
            return null;
        }

        return options.Tokens is { } tokens ? await tokens.GetTokenAsync(cancellationToken).ConfigureAwait(false)
            : options.KeyProvider is { } provider ? await provider(cancellationToken).ConfigureAwait(false)
            : options.Key;
    }

    private static HttpRequestMessage Copy(HttpRequestMessage request, string? credential, byte[]? body)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Version = request.Version };
        foreach (var header in request.Headers.Where(h => h.Key is not (WithoutCredential or SingleTry)))
        {
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        if (body is not null)
        {
            copy.Content = new ByteArrayContent(body);
            foreach (var header in request.Content!.Headers)
            {
                copy.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }
        else
        {
            copy.Content = (request.Content as StreamedContent)?.Again();
        }

        if (credential is not null)
        {
            copy.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        }

        return copy;
    }

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? value)
    {
        var wait = value?.Delta ?? value?.Date - DateTimeOffset.UtcNow;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
