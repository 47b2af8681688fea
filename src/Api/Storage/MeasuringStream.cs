using System.IO.Hashing;
using System.Security.Cryptography;
using Proofsheet.Api.Http;

namespace Proofsheet.Api.Storage;

/// <summary>
/// Passes another stream through and measures it: length, SHA-256, CRC-32, and the limit. Every store reads its content
/// through this stream, so all of them measure in the same way and none needs a second pass.
/// </summary>
internal sealed class MeasuringStream(Stream inner, long? maxBytes) : ForwardStream
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

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }
}
