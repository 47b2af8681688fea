using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Database;

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

/// <summary>Pings after a commit that wrote messages.</summary>
internal sealed class OutboxSignalInterceptor(OutboxSignal signal) : AfterCommit
{
    private bool _published;

    protected override void NoteSave(DbContext context) =>
        _published |= context.ChangeTracker.Entries<OutboxMessage>().Any(e => e.State == EntityState.Added);

    protected override void Act()
    {
        if (_published)
        {
            _published = false;
            signal.Ping();
        }
    }
}
