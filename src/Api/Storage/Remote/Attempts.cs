namespace Proofsheet.Api.Storage.Remote;

/// <summary>Retries a request whose failure may be temporary, after a growing delay with jitter.</summary>
internal sealed class Attempts(RemoteStoreOptions options, Func<Exception, StoreFault> judge, ILogger log)
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    /// <exception cref="StoreUnavailableException">All attempts failed.</exception>
    /// <exception cref="StoreFullException">There is no room left.</exception>
    public async Task<T> RunAsync<T>(string what, Func<CancellationToken, Task<T>> request, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(options.Timeout);
            try
            {
                return await request(limit.Token);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested && IsPassing(e))
            {
                if (attempt >= options.Attempts)
                {
                    throw new StoreUnavailableException(e);
                }

                await DelayAsync(what, attempt, e, cancellation);
            }
            catch (Exception e) when (e is not StoreFullException && judge(e) == StoreFault.Full)
            {
                throw new StoreFullException(e);
            }
        }
    }

    public Task RunAsync(string what, Func<CancellationToken, Task> request, CancellationToken cancellation) => RunAsync(what, async token =>
    {
        await request(token);
        return true;
    }, cancellation);

    public StoreFault Judge(Exception e) => judge(e);

    public void NoteClosing(Exception e) => log.LogDebug("A body that was given up could not be closed: {Reason}", e.GetType().Name);

    public bool IsPassing(Exception e) => e is OperationCanceledException or TimeoutException or HttpRequestException
        || (e is IOException and not (StoreUnreliableException or StoreUnavailableException or StoreFullException or ObjectChangedException))
        || judge(e) == StoreFault.Passing;

    public Task DelayAsync(string what, int attempt, Exception e, CancellationToken cancellation)
    {
        var longest = Math.Min(LongestDelay.TotalMilliseconds, options.FirstDelay.TotalMilliseconds * Math.Pow(2, attempt - 1));
        var delay = TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
        // Only the type, because a message of a client library could contain a signed URL.
        log.LogInformation("The store failed to {What} ({Reason}); attempt {Attempt} follows in {Delay} ms", what, e.GetType().Name, attempt + 1, (int)delay.TotalMilliseconds);
        return Task.Delay(delay, cancellation);
    }
}
