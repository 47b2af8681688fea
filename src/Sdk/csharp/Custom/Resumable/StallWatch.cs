namespace Proofsheet.Sdk;

/// <summary>Cancels a request when no bytes move for too long, when the upload is paused, or when the caller cancels.</summary>
internal sealed class StallWatch : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly TimeSpan _patience;
    private bool _isOver;

    public StallWatch(TimeSpan patience, PauseGate gate, CancellationToken cancellationToken)
    {
        _patience = patience;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, gate.Running);
        _source.CancelAfter(patience);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Records that bytes were sent. False when the request is over: an abandoned one may keep writing for a moment.</summary>
    public bool Moves()
    {
        if (Volatile.Read(ref _isOver))
        {
            return false;
        }

        _source.CancelAfter(_patience);
        return true;
    }

    public void Dispose()
    {
        Volatile.Write(ref _isOver, true);
        _source.Dispose();
    }
}
