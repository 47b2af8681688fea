using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Database;

namespace Proofsheet.Shared.Outbox;

/// <summary>Wakes this process's workers after a commit, so that work starts at once and polling can be slow.</summary>
internal sealed class OutboxSignal : IDisposable
{
    private readonly SemaphoreSlim _any = new(0, 64);
    private readonly SemaphoreSlim _interactive = new(0, 64);

    /// <param name="isBulk">Whether only bulk events are due, which not every worker claims.</param>
    public void Ping(bool isBulk = false)
    {
        Release(_any);
        if (!isBulk)
        {
            Release(_interactive);
        }
    }

    public void Dispose()
    {
        _any.Dispose();
        _interactive.Dispose();
    }

    public Task WaitAsync(OutboxWork work, TimeSpan atMost, CancellationToken cancellation) =>
        (work == OutboxWork.InteractiveOnly ? _interactive : _any).WaitAsync(atMost, cancellation);

    private static void Release(SemaphoreSlim waiting)
    {
        try
        {
            waiting.Release();
        }
        catch (SemaphoreFullException)
        {
            // Enough workers are already awake.
        }
    }
}

/// <summary>Signals after each commit that saved messages.</summary>
internal sealed class OutboxSignalInterceptor(OutboxSignal signal) : AfterCommit
{
    private bool _bulk;
    private bool _interactive;

    protected override void NoteSave(DbContext context)
    {
        foreach (var added in context.ChangeTracker.Entries<OutboxMessage>().Where(e => e.State == EntityState.Added))
        {
            _bulk |= added.Entity.IsBulk;
            _interactive |= !added.Entity.IsBulk;
        }
    }

    protected override void Act()
    {
        if (_bulk || _interactive)
        {
            signal.Ping(isBulk: !_interactive);
            _bulk = _interactive = false;
        }
    }
}
