using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Proofsheet.Shared.Outbox;

/// <summary>Wakes this process's workers when it committed something, so that work begins at once and polling may be slow.</summary>
internal sealed class OutboxSignal : IDisposable
{
    private readonly SemaphoreSlim _ready = new(0, 64);

    public void Ping()
    {
        try
        {
            _ready.Release();
        }
        catch (SemaphoreFullException)
        {
            // Enough are awake already.
        }
    }

    public void Dispose() => _ready.Dispose();

    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => _ready.WaitAsync(atMost, cancellation);
}

/// <summary>Pings after a commit that may have written messages.</summary>
internal sealed class OutboxSignalInterceptor(OutboxSignal signal) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } context && context.ChangeTracker.Entries<OutboxMessage>().Any(e => e.State == EntityState.Added))
        {
            _published = true;
        }

        return ValueTask.FromResult(result);
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context?.Database.CurrentTransaction is null)
        {
            PingIfPublished();
        }

        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        PingIfPublished();
        return Task.CompletedTask;
    }

    // One interceptor serves one context (it is scoped), so a field is enough.
    private bool _published;

    private void PingIfPublished()
    {
        if (_published)
        {
            _published = false;
            signal.Ping();
        }
    }
}
