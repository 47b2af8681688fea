namespace Proofsheet.Sdk;

/// <summary>How far a download is; the total is null when the answer does not say.</summary>
public sealed record DownloadProgress(long ReceivedBytes, long? TotalBytes);

public sealed partial class ProofsheetClient
{
    /// <summary>A signed address as the API gave it, made absolute.</summary>
    public Uri Url(string address) => new(_http.BaseAddress!, address);

    /// <summary>
    /// Writes what is behind a signed address (a picture, a bought file, an order's ZIP) to a stream, never whole in memory.
    /// The signature is the credential, so the key is not sent along.
    /// </summary>
    /// <returns>The bytes written.</returns>
    public async Task<long> DownloadAsync(string address, Stream destination, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (destination is null)
        {
            throw new ArgumentNullException(nameof(destination));
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, Url(address));
        request.Headers.Add(RetryingHandler.WithoutCredential, "1");
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        var total = answer.Content.Headers.ContentLength;
        using var body = await answer.Content.ReadStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[128 * 1024];
        long received = 0;
        int read;
        while ((read = await body.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
        {
            await destination.WriteAsync(buffer, 0, read, cancellationToken).ConfigureAwait(false);
            progress?.Report(new DownloadProgress(received += read, total));
        }

        // A connection that ends early can look like an end: a file cut short must not pass for whole.
        return total is null || total == received ? received : throw new ProofsheetConnectionException(new EndOfStreamException($"{received} of {total} bytes came."));
    }
}
