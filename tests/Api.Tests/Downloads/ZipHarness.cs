using System.IO.Hashing;
using System.IO.Pipelines;
using Proofsheet.Api.Archives.Zip;

namespace Proofsheet.Api.Tests.Downloads;

internal sealed record FileOf(string Name, byte[] Bytes);

/// <summary>Archives of files in memory, and of virtual files.</summary>
internal static class ZipHarness
{
    public static readonly DateTimeOffset Time = new(2026, 6, 20, 15, 30, 42, TimeSpan.Zero);

    public static List<FileOf> Files(params (string Name, int Length)[] files)
    {
        var random = new Random(7);
        return [.. files.Select(f =>
        {
            var bytes = new byte[f.Length];
            random.NextBytes(bytes);
            return new FileOf(f.Name, bytes);
        })];
    }

    public static ZipLayout Layout(IEnumerable<FileOf> files) => new([.. files.Select(f => new ZipEntry(f.Name, f.Bytes.Length, Crc32.HashToUInt32(f.Bytes), Time))]);

    public static OpenEntry From(IReadOnlyList<FileOf> files) => (entry, offset, length, _) =>
        ValueTask.FromResult<Stream>(new MemoryStream(files[entry].Bytes, (int)offset, (int)length));

    public static async Task<byte[]> ReadAsync(ZipLayout layout, OpenEntry open, long from = 0, long? length = null)
    {
        var all = new MemoryStream();
        await WriteAsync(layout, open, all, from, length);
        return all.ToArray();
    }

    public static async Task WriteAsync(ZipLayout layout, OpenEntry open, Stream to, long from = 0, long? length = null)
    {
        var writer = PipeWriter.Create(to, new StreamPipeWriterOptions(leaveOpen: true));
        await new ZipWriter(layout, open).WriteAsync(writer, from, length ?? layout.Length - from, TestContext());
        await writer.CompleteAsync();
    }

    public static uint CrcOfZeros(long length)
    {
        var crc = new Crc32();
        var zeros = new byte[1 << 20];
        for (var left = length; left > 0; left -= zeros.Length)
        {
            crc.Append(zeros.AsSpan(0, (int)Math.Min(left, zeros.Length)));
        }

        return crc.GetCurrentHashAsUInt32();
    }

    private static CancellationToken TestContext() => Xunit.TestContext.Current.CancellationToken;
}

/// <summary>This many zeros, forward-only, in reads of a network's size.</summary>
internal sealed class Zeros(long length) : Stream
{
    private long _left = length;

    public override int Read(Span<byte> buffer)
    {
        var read = (int)Math.Min(Math.Min(buffer.Length, 100_000), _left);
        buffer[..read].Clear();
        _left -= read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Writes a sparse file where the content is zeros: an archive of gigabytes that every program can read takes a few megabytes.</summary>
internal sealed class SparseFile(string path) : Stream
{
    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.ContainsAnyExcept((byte)0))
        {
            _file.Write(buffer);
        }
        else
        {
            _file.Seek(buffer.Length, SeekOrigin.Current);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Flush();
            _file.SetLength(Math.Max(_file.Length, _file.Position));
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _file.Length;

    public override long Position
    {
        get => _file.Position;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
