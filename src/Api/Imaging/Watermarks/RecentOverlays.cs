using System.Security.Cryptography;

namespace Proofsheet.Api.Imaging.Watermarks;

/// <summary>
/// The most recently used overlays: a gallery's pictures have few sizes and one watermark, and laying out and rotating its letters costs more than
/// blending them. Safe to call in parallel.
/// </summary>
internal sealed class RecentOverlays
{
    private const long Capacity = 48L << 20;
    private readonly Dictionary<Key, LinkedListNode<(Key Key, Overlay Overlay)>> _places = [];
    private readonly LinkedList<(Key Key, Overlay Overlay)> _newestFirst = [];
    private readonly Lock _turn = new();
    private long _held;

    /// <summary>The watermark for pictures of this size; the caller disposes of it.</summary>
    public Overlay Of(WatermarkSpec spec, int width, int height)
    {
        // Keyed by a hash of the logo, whose bytes are read from the store each time.
        var key = new Key(spec with { LogoPng = default }, spec.LogoPng.IsEmpty ? "" : Convert.ToHexString(SHA256.HashData(spec.LogoPng.Span)), width, height);
        lock (_turn)
        {
            if (_places.TryGetValue(key, out var place))
            {
                _newestFirst.Remove(place);
                _newestFirst.AddFirst(place);
                return place.Value.Overlay.Share();
            }
        }

        // Outside the lock: two callers may make the same overlay, but nobody waits for another watermark.
        using var made = Overlay.Make(spec, width, height);
        lock (_turn)
        {
            if (!_places.ContainsKey(key) && made.Bytes <= Capacity / 2)
            {
                _places[key] = _newestFirst.AddFirst((key, made.Share()));
                _held += made.Bytes;
                MakeRoom();
            }

            return made.Share();
        }
    }

    private void MakeRoom()
    {
        while (_held > Capacity && _newestFirst.Last is { } oldest)
        {
            _newestFirst.RemoveLast();
            _places.Remove(oldest.Value.Key);
            _held -= oldest.Value.Overlay.Bytes;
            oldest.Value.Overlay.Dispose();
        }
    }

    private sealed record Key(WatermarkSpec Spec, string Logo, int Width, int Height);
}
