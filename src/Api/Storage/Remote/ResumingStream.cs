using Proofsheet.Api.Http;

namespace Proofsheet.Api.Storage.Remote;

/// <summary>
/// The bytes of an object over a connection that may break: the rest of the same version is then requested again. A full
/// read is verified before its last bytes are returned, so reading to the end guarantees the object as it was put.
/// </summary>
/// <param name="first">The open response.</param>
/// <param name="length">How many bytes of it are needed.</param>
/// <param name="reopen">Requests the same version again, from that many bytes further on.</param>
/// <param name="check">Computes the mark if the whole object is read.</param>
internal sealed class ResumingStream(
    RemotePart first, long length, Func<long, CancellationToken, Task<RemotePart>> reopen, PartedMd5? check, RemoteStoreOptions options, Attempts attempts) : ForwardStream
{
    private readonly RemoteObject _object = first.Object;
    private Stream? _content = first.Content;
    private CancellationTokenSource _limit = new();
    private long _position;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == length || buffer.IsEmpty)
        {
            return 0;
        }

        var wanted = buffer[..(int)Math.Min(buffer.Length, length - _position)];
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _content ??= (await reopen(_position, cancellationToken)).Content;
                var read = await ReadInTimeAsync(_content, wanted, cancellationToken);
                if (read == 0)
                {
                    throw new EndOfStreamException("The store ended its answer before the end of the object.");
                }

                Pass(wanted.Span[..read]);
                return read;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && attempts.IsPassing(e))
            {
                await DropAsync();
                if (attempt >= options.Attempts)
                {
                    throw new StoreUnavailableException(e);
                }

                await attempts.DelayAsync("read", attempt, e, cancellationToken);
            }
            catch (Exception e) when (attempts.Judge(e) == StoreFault.Changed)
            {
                // Some libraries request the rest themselves, and may find another version.
                throw new ObjectChangedException();
            }
        }
    }

    private void Pass(ReadOnlySpan<byte> read)
    {
        check?.Append(read);
        _position += read.Length;
        if (_position == length && check is not null && check.Finish() is var md5 && md5 != _object.Mark!.Md5)
        {
            // The last bytes are held back, so that nobody takes the content for complete.
            _position -= read.Length;
            throw new StoreUnreliableException("The store gave other bytes than it was given.");
        }
    }

    // A stalled read is canceled before the rest is requested again, because two reads must never fill one buffer.
    private async ValueTask<int> ReadInTimeAsync(Stream content, Memory<byte> buffer, CancellationToken cancellation)
    {
        if (!_limit.TryReset())
        {
            _limit.Dispose();
            _limit = new CancellationTokenSource();
        }

        await using var asked = cancellation.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), _limit);
        _limit.CancelAfter(options.Stall);
        try
        {
            return await content.ReadAsync(buffer, _limit.Token);
        }
        finally
        {
            _limit.CancelAfter(System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    private async ValueTask DropAsync()
    {
        if (_content is { } content)
        {
            _content = null;
            try
            {
                await content.DisposeAsync();
            }
            catch (Exception e)
            {
                // A library that checks a body while closing it reports again what is already known.
                attempts.NoteClosing(e);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await DropAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content?.Dispose();
            _content = null;
            _limit.Dispose();
            check?.Dispose();
        }

        base.Dispose(disposing);
    }

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }
}
