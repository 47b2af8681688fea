using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Media.Serving;

namespace Proofsheet.Api.Media.Cache;

/// <summary>A picture in memory with the headers that say what it is, ready to be sent.</summary>
internal sealed class HotPicture(MediaPath path, RenditionFormat format, ReadOnlyMemory<byte> bytes, string tag, string? cacheTags)
{
    private ControlText _control = new(0, 0, false, "");

    public ReadOnlyMemory<byte> Bytes => bytes;

    public RenditionFormat Format => format;

    /// <summary>Strong: made of the bytes.</summary>
    public string Tag => tag;

    public StringValues ETag { get; } = $"\"{tag}\"";

    public StringValues Disposition { get; } = $"inline; filename=\"{path.Photo}-{path.Size}.{format.Extension()}\"";

    /// <summary>For a shared cache to purge by; null where none are sent.</summary>
    public string? CacheTags => cacheTags;

    public long HeldSince { get; } = Environment.TickCount64;

    /// <summary>Asked for since the last look for what may go.</summary>
    public bool WasUsed { get; set; }

    /// <summary>Where <see cref="RenditionCache"/> keeps it.</summary>
    public LinkedListNode<(HotPath, HotPicture)>? Place { get; set; }

    /// <summary>No longer than the address itself holds. A protected gallery's pictures stay out of shared caches.</summary>
    public string CacheControl(long expiry, long now, bool isPublic)
    {
        // Written again once a second, not at every request. The reference is swapped whole, so threads see either.
        var control = _control;
        if (control.Expiry != expiry || control.Now != now || control.IsPublic != isPublic)
        {
            _control = control = new(expiry, now, isPublic, string.Create(CultureInfo.InvariantCulture, $"{(isPublic ? "public" : "private")}, max-age={expiry - now}, immutable"));
        }

        return control.Text;
    }

    private sealed record ControlText(long Expiry, long Now, bool IsPublic, string Text);
}

/// <summary>What an address's path says, with the pictures of it that are in memory, one for each format.</summary>
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
/// The pictures asked for most, in a bounded share of memory. They are found by the whole path, which was signed as such: so what is
/// found is for whoever the address is for. Whether it is still shown is not decided here.
/// </summary>
internal sealed class RenditionCache(IOptions<DeliveryOptions> options)
{
    // Objects and texts around the bytes, roughly.
    private const int Overhead = 1_024;
    private readonly long _capacity = (long)options.Value.MemoryMegabytes << 20;
    private readonly ConcurrentDictionary<string, HotPath> _paths = new(StringComparer.Ordinal);
    private readonly LinkedList<(HotPath Path, HotPicture Picture)> _clock = [];
    private readonly Lock _turn = new();
    private long _held;

    /// <summary>Of all pictures in memory.</summary>
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

    // The clock's hand (second chance): what was used since it last came by goes to the end, what was not goes.
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
