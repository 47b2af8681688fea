namespace Proofsheet.Api.Downloads.StoredZip;

/// <summary>
/// A stored archive as a stream that seeks: it makes each byte when it is read, from the layout and from the files' own
/// bytes, and holds no file in memory. A part that is asked for later is byte for byte the part that was missing.
/// </summary>
/// <param name="layout">Where everything lies.</param>
/// <param name="open">Opens an entry's content from this offset on.</param>
internal sealed class ZipStream(ZipLayout layout, Func<int, long, CancellationToken, ValueTask<Stream>> open) : Stream
{
    private long _position;
    private int _entry = -1;
    private Stream? _content;
    private byte[] _made = [];
    private int _madeAt;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => layout.Length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= layout.Length || buffer.IsEmpty)
        {
            return 0;
        }

        if (_content is null && _madeAt == _made.Length)
        {
            await EnterAsync(cancellationToken);
        }

        if (_content is null)
        {
            var length = Math.Min(buffer.Length, _made.Length - _madeAt);
            _made.AsMemory(_madeAt, length).CopyTo(buffer);
            _madeAt += length;
            _position += length;
            return length;
        }

        var left = EndOfContent(_entry) - _position;
        var read = await _content.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken);
        if (read == 0)
        {
            // The length is promised already; ending here tells the client that the transfer broke.
            throw new IOException("A file of the archive is shorter than it was.");
        }

        _position += read;
        if (read == left)
        {
            await LeaveAsync();
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Archives are read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin)
    {
        var wanted = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => layout.Length + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(wanted, nameof(offset));
        if (wanted != _position && _content is not null)
        {
            throw new NotSupportedException("An archive is read from one place onwards.");
        }

        if (wanted != _position)
        {
            (_made, _madeAt) = ([], 0);
        }

        return _position = wanted;
    }

    public override async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        await base.DisposeAsync();
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Prepares what the next read gives: a made piece, or an open file.</summary>
    private async ValueTask EnterAsync(CancellationToken cancellation)
    {
        _entry = layout.EntryAt(_position);
        if (_entry == layout.Count)
        {
            (_made, _madeAt) = DirectoryPiece();
            return;
        }

        var content = layout.ContentOffsetOf(_entry);
        if (_position < content)
        {
            (_made, _madeAt) = (layout.Header(_entry), (int)(_position - layout.OffsetOf(_entry)));
            return;
        }

        _content = await open(_entry, _position - content, cancellation);
    }

    private long EndOfContent(int entry) => entry + 1 < layout.Count ? layout.OffsetOf(entry + 1) : layout.DirectoryOffset;

    /// <summary>One entry of the directory, or the end records. Found by walking: the directory is short, and read once.</summary>
    private (byte[] Bytes, int From) DirectoryPiece()
    {
        var at = _directoryAt <= _position ? _directoryAt : layout.DirectoryOffset;
        for (var i = at == _directoryAt ? _directoryEntry : 0; i < layout.Count; i++)
        {
            var bytes = layout.DirectoryEntry(i);
            if (_position < at + bytes.Length)
            {
                (_directoryAt, _directoryEntry) = (at, i);
                return (bytes, (int)(_position - at));
            }

            at += bytes.Length;
        }

        return (layout.End(), (int)(_position - at));
    }

    // Where the walk through the directory stands.
    private long _directoryAt = long.MaxValue;
    private int _directoryEntry;

    private async ValueTask LeaveAsync()
    {
        if (_content is not null)
        {
            await _content.DisposeAsync();
            _content = null;
        }
    }
}
