using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Database;

namespace Proofsheet.Shared.Outbox;

/// <summary>Wakes this process's workers after a commit, so that work starts at once and polling can be slow.</summary>
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
            // Enough workers are already awake.
        }
    }

    public void Dispose() => _ready.Dispose();

    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => _ready.WaitAsync(atMost, cancellation);
}

/// <summary>Signals after each commit that saved messages.</summary>
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
