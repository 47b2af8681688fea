namespace Proofsheet.Api.Tests.Storage;

/// <summary>A body that is generated while it is read: it buffers nothing, can break off, and can call back at a position.</summary>
internal sealed class PatternStream(long length) : Stream
{
    public long? BreaksAfter { get; init; }

    public (long Point, Action Call)? At { get; init; }

    public long Passed { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        if (Passed >= BreaksAfter)
        {
            throw new EndOfStreamException("The body broke off.");
        }

        var count = (int)Math.Min(buffer.Length, Math.Min(length, BreaksAfter ?? length) - Passed);
        buffer[..count].Fill((byte)(Passed % 251));
        if (At is { } at && Passed < at.Point && Passed + count >= at.Point)
        {
            at.Call();
        }

        Passed += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Passed;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
