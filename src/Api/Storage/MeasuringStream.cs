using System.IO.Hashing;
using System.Security.Cryptography;

namespace Proofsheet.Api.Storage;

/// <summary>
/// Reads through to another stream and measures what passes: length, SHA-256, CRC-32, and the limit. Every store reads
/// its content through one, so all of them measure alike and none needs a second pass.
/// </summary>
internal sealed class MeasuringStream(Stream inner, long? maxBytes) : Stream
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Crc32 _crc32 = new();
    private long _length;

    public StoredObject Measured(ObjectKey key) =>
        new(key, _length, Convert.ToHexStringLower(_sha256.GetCurrentHash()), _crc32.GetCurrentHashAsUInt32());

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Measure(buffer.Span[..read]);
        return read;
    }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Measure(buffer[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    private void Measure(ReadOnlySpan<byte> passed)
    {
        _length += passed.Length;
        if (_length > maxBytes)
        {
            throw new ObjectTooLargeException(maxBytes.Value);
        }

        _sha256.AppendData(passed);
        _crc32.Append(passed);
    }

    // The inner stream belongs to the caller.
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _sha256.Dispose();
        }

        base.Dispose(disposing);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
