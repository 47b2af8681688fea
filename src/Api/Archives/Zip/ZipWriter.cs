using System.IO.Pipelines;

namespace Proofsheet.Api.Archives.Zip;

/// <summary>Opens the given number of bytes of an entry's content, starting at an offset.</summary>
internal delegate ValueTask<Stream> OpenEntry(int entry, long offset, long length, CancellationToken cancellation);

/// <summary>
/// Writes any part of a stored archive, with every byte made from the layout and the files' contents, so a part that is requested
/// later is identical to the one that was missing. Files are read straight into the writer's memory, and never whole.
/// </summary>
internal sealed class ZipWriter(ZipLayout layout, OpenEntry open)
{
    /// <summary>How much is read and sent at a time. Larger pieces use more memory per download and are no faster.</summary>
    public const int PieceBytes = 256 * 1024;

    private PipeWriter _to = null!;
    private long _position;
    private long _end;
    private int _unsent;

    /// <exception cref="IOException">A file disappeared or became shorter. The length was already sent, so the caller aborts the connection.</exception>
    public async Task WriteAsync(PipeWriter to, long from, long length, CancellationToken cancellation)
    {
        (_to, _position, _end, _unsent) = (to, from, from + length, 0);
        // The next file is opened while this one is sent, because opening a file in a remote store takes as long as sending many pieces.
        Task<Stream>? next = null;
        try
        {
            for (var entry = layout.EntryAt(_position); entry < layout.Count && _position < _end; entry++)
            {
                await WriteMadeAsync(layout.OffsetOf(entry), layout.ContentOffsetOf(entry), entry, static (l, e) => l.Header(e), cancellation);
                if (_position >= _end)
                {
                    break;
                }

                var content = next ?? OpenAsync(entry, cancellation);
                next = null;
                if (content is not null)
                {
                    await using var stream = await content;
                    next = OpenAsync(entry + 1, cancellation);
                    await WriteContentAsync(stream, EndOfContent(entry), cancellation);
                }
            }
        }
        finally
        {
            await LeaveAsync(next);
        }

        await WriteDirectoryAsync(cancellation);
        await to.FlushAsync(cancellation);
    }

    /// <summary>Null if none of its content is needed.</summary>
    private Task<Stream>? OpenAsync(int entry, CancellationToken cancellation)
    {
        if (entry >= layout.Count)
        {
            return null;
        }

        var (begin, end) = (layout.ContentOffsetOf(entry), EndOfContent(entry));
        var from = Math.Max(_position, begin);
        var length = Math.Min(_end, end) - from;
        return length <= 0 ? null : open(entry, from - begin, length, cancellation).AsTask();
    }

    private long EndOfContent(int entry) => layout.ContentOffsetOf(entry) + layout.LengthOf(entry);

    private async ValueTask WriteContentAsync(Stream content, long end, CancellationToken cancellation)
    {
        var until = Math.Min(end, _end);
        while (_position < until)
        {
            // The rest of the current piece, so that short network reads fill one block and do not each start a new one.
            var wanted = (int)Math.Min(PieceBytes - _unsent, until - _position);
            var read = await content.ReadAsync(_to.GetMemory(wanted)[..wanted], cancellation);
            if (read == 0)
            {
                throw new IOException("A file of the archive is shorter than it was.");
            }

            _to.Advance(read);
            await SentAsync(read, cancellation);
        }
    }

    private async ValueTask WriteDirectoryAsync(CancellationToken cancellation)
    {
        if (_position >= _end)
        {
            return;
        }

        for (var entry = layout.DirectoryEntryAt(_position); entry < layout.Count && _position < _end; entry++)
        {
            await WriteMadeAsync(layout.DirectoryOffsetOf(entry), layout.DirectoryOffsetOf(entry + 1), entry, static (l, e) => l.DirectoryEntry(e), cancellation);
        }

        await WriteMadeAsync(layout.DirectoryOffsetOf(layout.Count), layout.Length, 0, static (l, _) => l.End(), cancellation);
    }

    /// <summary>Writes the requested part of this record; nothing if the requested part starts after it.</summary>
    private ValueTask WriteMadeAsync(long begin, long end, int entry, Func<ZipLayout, int, byte[]> make, CancellationToken cancellation)
    {
        var length = (int)(Math.Min(end, _end) - _position);
        if (_position >= end || length <= 0)
        {
            return ValueTask.CompletedTask;
        }

        make(layout, entry).AsSpan((int)(_position - begin), length).CopyTo(_to.GetSpan(length));
        _to.Advance(length);
        return SentAsync(length, cancellation);
    }

    // Small files are sent together, because each flush is a system call.
    private async ValueTask SentAsync(int length, CancellationToken cancellation)
    {
        _position += length;
        if ((_unsent += length) < PieceBytes)
        {
            return;
        }

        _unsent = 0;
        var flushed = await _to.FlushAsync(cancellation);
        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            throw new OperationCanceledException("The client has left.", cancellation);
        }
    }

    private static async ValueTask LeaveAsync(Task<Stream>? opening)
    {
        if (opening is null)
        {
            return;
        }

        try
        {
            await (await opening).DisposeAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It was only opened ahead; the error that ended the writing is reported already.
        }
    }
}
