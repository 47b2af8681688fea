using System.Net;
using System.Net.Http.Headers;

namespace Proofsheet.Sdk;

/// <summary>How far a download is; the total is null when the answer does not say.</summary>
public sealed record DownloadProgress(long ReceivedBytes, long? TotalBytes);

public sealed partial class ProofsheetClient
{
    /// <summary>How often in a row a broken transfer goes on without a byte having come.</summary>
    private const int MaxEmptyTries = 3;

    /// <summary>A signed address as the API gave it, made absolute.</summary>
    public Uri Url(string address) => new(_http.BaseAddress!, address);

    /// <summary>
    /// Writes what is behind a signed address (a picture, a bought file, an archive) to a stream, never whole in memory. A transfer that breaks off goes on where it
    /// was, as long as what is sent is still the same. The signature is the credential, so the key is not sent along.
    /// </summary>
    /// <returns>The bytes written: as many as the API promised.</returns>
    /// <exception cref="ProofsheetConnectionException">It broke off and could not go on, or what is sent changed meanwhile.</exception>
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

    /// <summary>One download over as many answers as it takes.</summary>
    private sealed class Transfer(Stream destination, IProgress<DownloadProgress>? progress)
    {
        private readonly byte[] _buffer = new byte[128 * 1024];
        private EntityTagHeaderValue? _tag;
        private long? _total;

        public long Received { get; private set; }

        /// <summary>Without a strong tag nobody could say whether the rest belongs to what came.</summary>
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

            // 200: the file is another one by now, and what was written of the old one cannot be taken back.
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

            // A connection that ends early can look like an end: a file cut short must not pass for whole.
            if (_total is not null && _total != Received)
            {
                throw new TransferBrokenException(new EndOfStreamException($"{Received} of {_total} bytes came."));
            }
        }

        // Only reading can be tried again: what the destination throws is the caller's.
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
