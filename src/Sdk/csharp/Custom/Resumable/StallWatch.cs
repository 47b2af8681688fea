namespace Proofsheet.Sdk;

/// <summary>Ends a request whose bytes stand still for too long, or that a pause or the caller ends.</summary>
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

    /// <summary>Bytes were sent. False when the request is over: one that was given up may write on for a moment.</summary>
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
