using Proofsheet.Api.Http;

namespace Proofsheet.Api.Storage.Disk;

/// <summary>The next <c>length</c> bytes of a stream that it owns, forward only.</summary>
internal sealed class PartStream(Stream inner, long length) : ForwardStream
{
    private long _position;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer[..Allowed(buffer.Length)], cancellationToken);
        _position += read;
        return read;
    }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer[..Allowed(buffer.Length)]);
        _position += read;
        return read;
    }

    private int Allowed(int wanted) => (int)Math.Min(wanted, length - _position);

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }
}
