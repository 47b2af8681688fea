using System.Buffers;

namespace Proofsheet.Api.Storage.Remote;

/// <summary>Holds one part of a content at a time. It starts small, because most objects are.</summary>
internal sealed class PartBuffer(int partBytes) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Min(partBytes, 256 * 1024));
    private int _count;

    /// <summary>The content ended within this part.</summary>
    public bool IsLast { get; private set; }

    public int Count => _count;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _count);

    /// <summary>A new stream over the part, from its beginning.</summary>
    public MemoryStream Open() => new(_bytes, 0, _count, writable: false, publiclyVisible: true);

    public async Task FillAsync(Stream content, CancellationToken cancellation)
    {
        for (_count = 0; _count < partBytes;)
        {
            if (_count == _bytes.Length)
            {
                Grow();
            }

            var read = await content.ReadAsync(_bytes.AsMemory(_count, Math.Min(_bytes.Length, partBytes) - _count), cancellation);
            if (read == 0)
            {
                IsLast = true;
                return;
            }

            _count += read;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(partBytes, _bytes.Length * 4L));
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
