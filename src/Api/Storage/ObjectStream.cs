namespace Proofsheet.Api.Storage;

/// <summary>
/// An object as a seekable stream, for serving byte ranges. Nothing is opened before the first read, and
/// seeking only sets where that read starts, so a range costs the store one request.
/// </summary>
internal sealed class ObjectStream(IObjectStore store, ObjectKey key, long length) : Stream
{
    private ObjectReader? _reader;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <summary>Null if there is no such object.</summary>
    public static async Task<ObjectStream?> FindAsync(IObjectStore store, ObjectKey key, CancellationToken cancellation) =>
        await store.StatAsync(key, cancellation) is { } stat ? new ObjectStream(store, key, stat.Length) : null;

    /// <summary>The same object from the beginning, for another reader.</summary>
    public ObjectStream Again() => new(store, key, length);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.IsEmpty)
        {
            return 0;
        }

        _reader ??= await store.OpenAsync(key, _position, length - _position, cancellationToken)
            ?? throw new IOException("The object went away while it was read.");
        var read = await _reader.Content.ReadAsync(buffer, cancellationToken);
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Objects are read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin)
    {
        var wanted = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(wanted, nameof(offset));
        if (wanted != _position && _reader is not null)
        {
            throw new NotSupportedException("An object is read from one place onwards.");
        }

        return _position = wanted;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_reader is not null)
        {
            await _reader.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
