using System.Net;
using System.Net.Http.Headers;

namespace Proofsheet.Sdk;

/// <summary>The progress of a download. The total is null when the response does not declare it.</summary>
public sealed record DownloadProgress(long ReceivedBytes, long? TotalBytes);

public sealed partial class ProofsheetClient
{
    /// <summary>How many times in a row a broken transfer is resumed without receiving a byte.</summary>
    private const int MaxEmptyTries = 3;

    /// <summary>Makes a signed URL that the API returned absolute.</summary>
    public Uri Url(string address) => new(_http.BaseAddress!, address);

    /// <summary>
    /// Streams the content of a signed URL (a picture, a purchased file, an archive) to <paramref name="destination"/> without buffering all of it.
    /// A broken transfer is resumed where it stopped, as long as the content has not changed. The signature in the URL is the credential, so no key is sent.
    /// </summary>
    /// <returns>The number of bytes written, which is the number that the API declared.</returns>
    /// <exception cref="ProofsheetConnectionException">The transfer broke and could not be resumed, or the content changed in the meantime.</exception>
    public async Task<long> DownloadAsync(string address, Stream destination, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (destination is null)
        {
            throw new ArgumentNullException(nameof(destination));
        }

        var transfer = new Transfer(destination, progress);
        for (var empty = 0; ;)
        {
            var before = transfer.Received;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, Url(address));
                request.Headers.Add(RetryingHandler.WithoutCredential, "1");
                transfer.AskForRest(request);
                using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                transfer.Begin(answer);
                using var body = await answer.Content.ReadStreamAsync(cancellationToken).ConfigureAwait(false);
                await transfer.CopyAsync(body, cancellationToken).ConfigureAwait(false);
                return transfer.Received;
            }
            catch (TransferBrokenException broken)
            {
                empty = transfer.Received > before ? 0 : empty + 1;
                if (!transfer.CanGoOn || empty >= MaxEmptyTries)
                {
                    throw new ProofsheetConnectionException(broken.InnerException ?? broken);
                }
            }
        }
    }

    /// <summary>One download, over as many responses as it takes.</summary>
    private sealed class Transfer(Stream destination, IProgress<DownloadProgress>? progress)
    {
        private readonly byte[] _buffer = new byte[128 * 1024];
        private EntityTagHeaderValue? _tag;
        private long? _total;

        public long Received { get; private set; }

        /// <summary>Only a strong ETag proves that the rest belongs to the bytes already received.</summary>
        public bool CanGoOn => _tag is { IsWeak: false };

        public void AskForRest(HttpRequestMessage request)
        {
            if (Received > 0)
            {
                request.Headers.Range = new RangeHeaderValue(Received, null);
                request.Headers.IfRange = new RangeConditionHeaderValue(_tag!);
            }
        }

        public void Begin(HttpResponseMessage answer)
        {
            if (Received == 0)
            {
                (_tag, _total) = (answer.Headers.ETag, answer.Content.Headers.ContentLength);
                return;
            }

            // 200: the file has changed, and the bytes already written to the destination cannot be taken back.
            if (answer.StatusCode != HttpStatusCode.PartialContent || answer.Content.Headers.ContentRange?.From != Received || !Equals(answer.Headers.ETag, _tag))
            {
                throw new ProofsheetConnectionException(new InvalidDataException("What is behind the address changed while it was downloaded."));
            }
        }

        public async Task CopyAsync(Stream body, CancellationToken cancellationToken)
        {
            int read;
            while ((read = await ReadAsync(body, cancellationToken).ConfigureAwait(false)) > 0)
            {
                await destination.WriteAsync(_buffer, 0, read, cancellationToken).ConfigureAwait(false);
                Received += read;
                progress?.Report(new DownloadProgress(Received, _total));
            }

            // A connection that closes early can look like a normal end; a truncated file must not pass for a complete one.
            if (_total is not null && _total != Received)
            {
                throw new TransferBrokenException(new EndOfStreamException($"Received {Received} of {_total} bytes."));
            }
        }

        // Only read errors are retried; an exception from the destination stream belongs to the caller.
        private async Task<int> ReadAsync(Stream body, CancellationToken cancellationToken)
        {
            try
            {
                return await body.ReadAsync(_buffer, 0, _buffer.Length, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or HttpRequestException && !cancellationToken.IsCancellationRequested)
            {
                throw new TransferBrokenException(e);
            }
        }
    }

    private sealed class TransferBrokenException(Exception inner) : Exception("The transfer broke off.", inner);
}
