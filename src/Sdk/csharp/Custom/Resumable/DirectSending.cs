
namespace Proofsheet.Sdk;

/// <summary>
/// Sends a whole file to the object store, to a URL that the API provides. When the store refuses it, the file is sent to the API instead.
/// </summary>
internal sealed class DirectSending(UploadRun run, UploadFile file, string uploadId)
{
    private const int Tries = 2;

    // The signed URL is the only authorization: no credential, no cookies and no redirects.
    private static readonly HttpClient Store = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

    /// <summary>Called with the bytes sent in total, the stage of the file, and the bytes sent since the last call.</summary>
    public Action<long, UploadStage, long> Moved { get; init; } = static (_, _, _) => { };

    /// <summary>Returns null when the file has to be sent to the API instead.</summary>
    public async Task<UploadEnd?> SendAsync(CancellationToken cancellationToken)
    {
        for (var tried = 0; tried < Tries && !run.StoreIsClosed;)
        {
            await run.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                tried++;
                await PutAsync(await run.Wire.DirectAsync(uploadId, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
                return await run.PatientlyAsync(() => run.Wire.CompleteAsync(uploadId, cancellationToken), cancellationToken, Waiting).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (run.Gate.IsClosed && !cancellationToken.IsCancellationRequested)
            {
                // Paused: a PUT cannot be resumed, so it starts over.
                tried = 0;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // The store is unreachable, or the connection broke.
                run.StoreIsClosed |= tried == Tries;
            }
            catch (ProofsheetException failure) when (RetryPolicy.IsRefusal(failure))
            {
                return UploadEnd.Refused(failure.Code, failure.Message);
            }
            catch (ProofsheetException)
            {
                // Send the file to the API instead: its response is the one that counts.
                return null;
            }
        }

        Moved(0, UploadStage.Sending, 0);
        return null;
    }

    private async Task PutAsync(DirectUpload address, CancellationToken cancellationToken)
    {
        using var stall = new StallWatch(run.Options.StallTimeout, run.Gate, cancellationToken);
        long sent = 0;
        using var request = new HttpRequestMessage(HttpMethod.Put, address.Url);
        request.Content = new FileContent(file, bytes =>
        {
            if (stall.Moves())
            {
                Moved(sent += bytes, UploadStage.Sending, bytes);
            }
        });
        foreach (var header in address.Headers)
        {
            // The content sets Content-Length itself.
            if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value) && header.Key != "Content-Length")
            {
                request.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }

        using var answer = await Store.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
    }

    private void Waiting() => Moved(file.Length, UploadStage.Waiting, 0);
}

/// <summary>The body of a whole file, which reports bytes as they are sent.</summary>
internal sealed class FileContent(UploadFile file, Action<int> sent) : StreamedContent
{
    public override HttpContent Again() => new FileContent(file, sent);

    protected override bool TryComputeLength(out long length)
    {
        length = file.Length;
        return true;
    }

    protected override Task CopyAsync(Stream stream, CancellationToken cancellationToken) => file.CopyToAsync(stream, sent, cancellationToken);
}
