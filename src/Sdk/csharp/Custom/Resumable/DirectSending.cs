
namespace Proofsheet.Sdk;

/// <summary>
/// Sends a whole file to the API's store, by an address that the API asks it for. Whatever the store says no to goes to the API instead.
/// </summary>
internal sealed class DirectSending(UploadRun run, UploadFile file, string uploadId)
{
    private const int Tries = 2;

    // No credential, no cookie, nothing that follows an answer elsewhere: the address alone is the right.
    private static readonly HttpClient Store = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

    /// <summary>Told where the file stands, what is done with it, and how many bytes have just been sent.</summary>
    public Action<long, UploadStage, long> Moved { get; init; } = static (_, _, _) => { };

    /// <summary>Null when the file has to be sent to the API.</summary>
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
                // Paused: a PUT begins again.
                tried = 0;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // Out of reach, or the connection broke.
                run.StoreIsClosed |= tried == Tries;
            }
            catch (ProofsheetException failure) when (RetryPolicy.IsRefusal(failure))
            {
                return UploadEnd.Refused(failure.Code, failure.Message);
            }
            catch (ProofsheetException)
            {
                // What the API says to the same file sent to it is what counts.
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
            // The length is the body's own.
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

/// <summary>A whole file as a body, told as it is sent.</summary>
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
