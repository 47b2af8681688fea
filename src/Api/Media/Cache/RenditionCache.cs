using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Media.Serving;

namespace Proofsheet.Api.Media.Cache;

/// <summary>A picture in memory together with its response headers, ready to be sent.</summary>
internal sealed class HotPicture(MediaPath path, RenditionFormat format, ReadOnlyMemory<byte> bytes, string tag, string? cacheTags)
{
    private ControlText _control = new(0, 0, false, "");

    public ReadOnlyMemory<byte> Bytes => bytes;

    public RenditionFormat Format => format;

    /// <summary>A strong ETag, computed from the bytes.</summary>
    public string Tag => tag;

    public StringValues ETag { get; } = $"\"{tag}\"";

    public StringValues Disposition { get; } = $"inline; filename=\"{path.Photo}-{path.Size}.{format.Extension()}\"";

    /// <summary>The tags a shared cache can purge by; null if none are sent.</summary>
    public string? CacheTags => cacheTags;

    public long HeldSince { get; } = Environment.TickCount64;

    /// <summary>Whether it was requested since the last eviction check.</summary>
    public bool WasUsed { get; set; }

    /// <summary>Where <see cref="RenditionCache"/> keeps it.</summary>
    public LinkedListNode<(HotPath, HotPicture)>? Place { get; set; }

    /// <summary>Never longer than the URL is valid. Pictures of a protected gallery stay out of shared caches.</summary>
    public string CacheControl(long expiry, long now, bool isPublic)
    {
        // Rebuilt once a second, not at every request. The reference is swapped atomically, so threads see the old or the new value.
        var control = _control;
        if (control.Expiry != expiry || control.Now != now || control.IsPublic != isPublic)
        {
            _control = control = new(expiry, now, isPublic, string.Create(CultureInfo.InvariantCulture, $"{(isPublic ? "public" : "private")}, max-age={expiry - now}, immutable"));
        }

        return control.Text;
    }

    private sealed record ControlText(long Expiry, long Now, bool IsPublic, string Text);
}

/// <summary>A parsed URL path with its pictures that are in memory, one per format.</summary>
internal sealed class HotPath(MediaPath path, string text)
{
    private readonly HotPicture?[] _pictures = new HotPicture?[Enum.GetValues<RenditionFormat>().Length];

    public MediaPath Path => path;

    public string Text => text;

    public bool IsEmpty => _pictures.All(p => p is null);

    public HotPicture? this[RenditionFormat format]
    {
        get => Volatile.Read(ref _pictures[(int)format]);
        set => Volatile.Write(ref _pictures[(int)format], value);
    }
}

/// <summary>
/// The most requested pictures, in a bounded share of memory. They are found by the whole signed path, so a hit is always meant for
/// the reader that the URL was made for. Whether the picture is still shown is not decided here.
/// </summary>
internal sealed class RenditionCache(IOptions<DeliveryOptions> options)
{
    // Roughly the objects and texts around the bytes.
    private const int Overhead = 1_024;
    private readonly long _capacity = (long)options.Value.MemoryMegabytes << 20;
    private readonly ConcurrentDictionary<string, HotPath> _paths = new(StringComparer.Ordinal);
    private readonly LinkedList<(HotPath Path, HotPicture Picture)> _clock = [];
    private readonly Lock _turn = new();
    private long _held;

    /// <summary>The size of all pictures in memory.</summary>
    public long HeldBytes => Interlocked.Read(ref _held);

    public HotPath? Find(ReadOnlySpan<char> path) => _paths.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out var found) ? found : null;

    public void Keep(MediaPath path, string text, HotPicture picture)
    {
        if (Cost(picture) > _capacity / 2)
        {
            return;
        }

        lock (_turn)
        {
            var place = _paths.GetOrAdd(text, static (text, path) => new HotPath(path, text), path);
            if (place[picture.Format] is { } before)
            {
                Remove(place, before);
                _paths[text] = place;
            }

            place[picture.Format] = picture;
            picture.Place = _clock.AddLast((place, picture));
            _held += Cost(picture);
            MakeRoom();
        }
    }

    // Second-chance eviction: a picture used since the last pass moves to the end, the others are evicted.
    private void MakeRoom()
    {
        while (_held > _capacity && _clock.First is { } next)
        {
            var (path, picture) = next.Value;
            if (picture.WasUsed)
            {
                picture.WasUsed = false;
                _clock.RemoveFirst();
                _clock.AddLast(next);
                continue;
            }

            Remove(path, picture);
        }
    }

    private void Remove(HotPath path, HotPicture picture)
    {
        _clock.Remove(picture.Place!);
        path[picture.Format] = null;
        _held -= Cost(picture);
        if (path.IsEmpty)
        {
            _paths.TryRemove(path.Text, out _);
        }
    }

    private static int Cost(HotPicture picture) => picture.Bytes.Length + Overhead;
}
