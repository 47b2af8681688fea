using System.Security.Cryptography;
using Proofsheet.Api.Http;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>
/// Reads a request body in such a way that a part can end while the next bytes are still awaited. The server's stream cannot be read
/// again after a canceled read, so a read that takes too long is left running and its bytes go into the next part.
/// </summary>
internal sealed class ArrivingBytes(Stream body, TimeProvider clock)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _next;
    private int _end;
    private Task<int>? _reading;

    public bool HasEnded { get; private set; }

    /// <summary>Reading ended before the body did: the client disconnected or was too slow.</summary>
    public bool WasCut { get; private set; }

    /// <summary>True if there are bytes; false if the body has ended or nothing arrived in time.</summary>
    public async ValueTask<bool> WaitAsync(TimeSpan patience)
    {
        if (_next < _end || HasEnded)
        {
            return _next < _end;
        }

        _reading ??= body.ReadAsync(_buffer, CancellationToken.None).AsTask();
        try
        {
            (_next, _end) = (0, await _reading.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, clock));
            HasEnded = _end == 0;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            (HasEnded, WasCut) = (true, true);
        }

        _reading = null;
        return _next < _end;
    }

    public int Take(Memory<byte> target)
    {
        var taken = Math.Min(target.Length, _end - _next);
        _buffer.AsMemory(_next, taken).CopyTo(target);
        _next += taken;
        return taken;
    }
}

/// <summary>The next bytes of a body as the content of one object, limited by size and time. It never throws because of the client.</summary>
internal sealed class ArrivingPart(ArrivingBytes source, long maxBytes, TimeSpan patience, IncrementalHash? digest, TimeProvider clock) : ForwardStream
{
    private readonly long _began = clock.GetTimestamp();
    private long _passed;

    /// <summary>The number of bytes read so far.</summary>
    public override long Position
    {
        get => _passed;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var left = patience - clock.GetElapsedTime(_began);
        if (_passed == maxBytes || (_passed > 0 && left <= TimeSpan.Zero) || !await source.WaitAsync(left))
        {
            return 0;
        }

        var taken = source.Take(buffer[..(int)Math.Min(buffer.Length, maxBytes - _passed)]);
        digest?.AppendData(buffer.Span[..taken]);
        _passed += taken;
        return taken;
    }
}
