using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Http;

namespace Proofsheet.Api.Auth;

/// <summary>
/// Limits how many look-ups of one studio's visitors, or of one key, run at the same time in one process. The limits of <see cref="ConcurrencyOptions"/> come
/// later, because they need to know the caller; without this one, the look-ups of a crowd would take all connections of the database.
/// </summary>
internal sealed class CredentialLookups(IOptions<ConcurrencyOptions> options) : IDisposable
{
    // One that waits costs some hundred bytes, and a look-up takes milliseconds.
    private const int MaxWaiting = 10_000;

    private readonly PartitionedRateLimiter<string> _running = PartitionedRateLimiter.Create<string, string>(whose => RateLimitPartition.GetConcurrencyLimiter(whose, _ => new()
    {
        PermitLimit = options.Value.LookupsPerStudio, QueueLimit = MaxWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    }));

    /// <summary>Waits for a turn, which ends when the lease is disposed of. Null if the wait runs out.</summary>
    public async ValueTask<RateLimitLease?> EnterAsync(string whose, CancellationToken cancellation)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        wait.CancelAfter(options.Value.WaitMilliseconds);
        try
        {
            return await _running.AcquireAsync(whose, 1, wait.Token) is { IsAcquired: true } lease ? lease : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _running.Dispose();
}
