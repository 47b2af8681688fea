using System.IO.Pipelines;

namespace Proofsheet.Api.Archives;

/// <summary>Counts what is written to a connection.</summary>
internal sealed class CountingWriter(PipeWriter inner) : PipeWriter
{
    private long _unflushed;

    /// <summary>The number of bytes that the connection has taken; it may still hold the last of them.</summary>
    public long Written { get; private set; }

    /// <summary>True once the connection takes nothing more.</summary>
    public bool IsBroken { get; private set; }

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override void Advance(int bytes)
    {
        inner.Advance(bytes);
        _unflushed += bytes;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    /// <exception cref="OperationCanceledException">The connection is broken. The request's own token may say so much later, and until then writing seems to succeed.</exception>
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var result = await inner.FlushAsync(cancellationToken);
        IsBroken |= result.IsCompleted;
        if (IsBroken)
        {
            throw new OperationCanceledException("The connection is broken.");
        }

        Written += _unflushed;
        _unflushed = 0;
        return result;
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
