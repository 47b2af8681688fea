
namespace Proofsheet.Sdk;

/// <summary>Open while an upload runs. Closing it interrupts the requests in flight; opening it lets the upload continue.</summary>
#pragma warning disable CA1001 // A CancellationTokenSource whose wait handle is never used has nothing to dispose of.
internal sealed class PauseGate
#pragma warning restore CA1001
{
    private readonly object _lock = new();
    private CancellationTokenSource _running = new();
    private TaskCompletionSource<bool>? _paused;

    /// <summary>Canceled when the gate closes; each pause ends one token and begins another.</summary>
    public CancellationToken Running
    {
        get
        {
            lock (_lock)
            {
                return _running.Token;
            }
        }
    }

    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _paused is not null;
            }
        }
    }

    public void Close()
    {
        CancellationTokenSource running;
        lock (_lock)
        {
            if (_paused is not null)
            {
                return;
            }

            _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
            running = _running;
        }

        running.Cancel();
    }

    public void Open()
    {
        TaskCompletionSource<bool>? paused;
        lock (_lock)
        {
            paused = _paused;
            if (paused is null)
            {
                return;
            }

            // The old source is not disposed: a request may be about to link to it.
            _running = new();
            _paused = null;
        }

        paused.SetResult(true);
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Task<bool>? opened;
        lock (_lock)
        {
            opened = _paused?.Task;
        }

        cancellationToken.ThrowIfCancellationRequested();
        await (opened is null ? Task.FromResult(true) : opened.OrCanceledAsync(cancellationToken)).ConfigureAwait(false);
    }
}
