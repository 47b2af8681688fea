using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Api.Media.Cache;
using Proofsheet.Api.Media.Watermarks;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Api.Media.Serving;

/// <summary>What a URL may show now.</summary>
/// <param name="IsOver">The URL names a state that has since changed.</param>
/// <param name="IsShown">If false, there is nothing to show.</param>
/// <param name="IsPublic">Shared caches may keep it.</param>
/// <param name="Mark">The mark that is drawn; null for the clean picture.</param>
internal readonly record struct DeliveryDecision(bool IsOver, bool IsShown, bool IsPublic, GalleryMark? Mark, PhotoFacts? Photo)
{
    public static readonly DeliveryDecision None;
    public static readonly DeliveryDecision Over = new(IsOver: true, false, false, null, null);

    public static DeliveryDecision Of(PhotoFacts photo, bool isPublic, GalleryMark? mark) => new(false, IsShown: true, isPublic, mark, photo);
}

/// <summary>The bytes of a picture or, for a large one, a stream of them.</summary>
internal sealed record FoundPicture(HotPicture? Held, ObjectStream? Stream, string Tag);

/// <summary>Finds the picture that a signed URL names, or has it rendered.</summary>
/// <remarks>
/// Photo, gallery and mark are checked for every request, from facts that are a moment old at most (<see cref="DeliveryFacts"/>), so hiding,
/// deleting, closing and changing the watermark take effect at once and not when the URL expires. What caches already hold is beyond our control.
/// </remarks>
internal sealed class Pictures(
    DeliveryFacts facts, WatermarkSpecs specs, WatermarkedRenditions renditions, IObjectStore store, RenditionCache hot, CacheTags tags)
{
    /// <summary>Larger pictures are streamed from the store.</summary>
    private const int MaxHeldBytes = 4 << 20;

    private readonly ConcurrentDictionary<(string, RenditionFormat), Lazy<Task<FoundPicture?>>> _loading = new();

    public async ValueTask<DeliveryDecision> ShowingAsync(MediaPath path, DateTimeOffset now, CancellationToken cancellation)
    {
        var photo = await facts.PhotoAsync(path.Tenant, path.Photo, cancellation);
        var gallery = photo is null ? null : await facts.GalleryAsync(path.Tenant, photo.GalleryId, path.Visitor, cancellation);
        if (photo is null || gallery is null)
        {
            return DeliveryDecision.None;
        }

        if (photo.RenditionVersion != path.Version)
        {
            return DeliveryDecision.Over;
        }

        if (path.Variant == MediaPath.Clean)
        {
            return DeliveryDecision.Of(photo, isPublic: false, null);
        }

        if (!photo.IsShown)
        {
            return DeliveryDecision.None;
        }

        return gallery.Variant != path.Variant || !gallery.Gallery.IsOpenAt(now)
            ? DeliveryDecision.Over
            : DeliveryDecision.Of(photo, gallery.IsPublic, gallery.Mark.IsDrawn ? gallery.Mark : null);
    }

    /// <summary>Null if there is none. Concurrent requests for the same picture wait for the one that reads or renders it.</summary>
    /// <exception cref="PicturesBusyException">The picture has to be rendered, and too many are already waiting for that.</exception>
    public async Task<FoundPicture?> LoadAsync(MediaPath path, string text, RenditionFormat format, DeliveryDecision showing, CancellationToken cancellation)
    {
        var loading = _loading.GetOrAdd((text, format), key => new Lazy<Task<FoundPicture?>>(() => LoadAloneAsync(path, key.Item1, key.Item2, showing)));
        var found = await loading.Value.WaitAsync(cancellation);
        // A stream can be read only once, so each caller gets a separate one.
        return found?.Stream is { } stream ? found with { Stream = stream.Again() } : found;
    }

    private async Task<FoundPicture?> LoadAloneAsync(MediaPath path, string text, RenditionFormat format, DeliveryDecision showing)
    {
        try
        {
            var found = await FindAsync(path, format, showing);
            if (found?.Held is { } picture)
            {
                hot.Keep(path, text, picture);
            }

            return found;
        }
        finally
        {
            _loading.TryRemove((text, format), out _);
        }
    }

    private async Task<FoundPicture?> FindAsync(MediaPath path, RenditionFormat format, DeliveryDecision showing)
    {
        var mark = showing.Mark;
        var isForOne = mark?.Viewer?.Visitor is not null;
        var key = mark is null
            ? PhotoFiles.Clean(path.Tenant, path.Photo, path.Version, path.Size, format)
            : PhotoFiles.Watermarked(path.Tenant, path.Photo, path.Version, mark.FileName, path.Size, format);
        if (!isForOne && await StoredAsync(path, format, key, showing) is { } stored)
        {
            return stored;
        }

        if (mark is null && !DeliverySizes.OnRequest.Contains(path.Size))
        {
            return null;
        }

        // A mark that cannot be drawn is an error; the clean picture is never served instead.
        var spec = new RenderSpec(path.Size, format, mark is null ? null : await specs.OfAsync(mark, default), mark is null ? null : WatermarkSpecs.OfViewer(mark));
        var master = PhotoFiles.Master(path.Tenant, path.Photo, path.Version);
        var made = await renditions.MakeAsync(master, key, isKept: !isForOne, spec, default);
        return made is null ? null : Held(path, format, made, showing);
    }

    private async Task<FoundPicture?> StoredAsync(MediaPath path, RenditionFormat format, ObjectKey key, DeliveryDecision showing)
    {
        await using var reader = await store.OpenAsync(key);
        if (reader is null)
        {
            return null;
        }

        if (reader.ObjectLength > MaxHeldBytes)
        {
            // The content of a key never changes, but another version of the encoder may have written it again; the length tells those apart.
            return new FoundPicture(null, new ObjectStream(store, key, reader.ObjectLength), Tag(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{key}:{reader.ObjectLength}"))));
        }

        var bytes = new byte[reader.ObjectLength];
        await reader.Content.ReadExactlyAsync(bytes);
        return Held(path, format, bytes, showing);
    }

    private FoundPicture Held(MediaPath path, RenditionFormat format, byte[] bytes, DeliveryDecision showing)
    {
        var picture = new HotPicture(path, format, bytes, Tag(bytes), tags.Of(path.Photo, showing.Photo!.GalleryId));
        return new FoundPicture(picture, null, picture.Tag);
    }

    private static string Tag(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12));
}

/// <summary>
/// The tags a shared cache can purge by: one for a photo and one for its gallery. URLs contain the photo's id, so it is used as the tag.
/// They do not reveal the gallery's id, so its tag is a keyed hash, which the command <c>cache-tag</c> prints.
/// </summary>
internal sealed class CacheTags(Keyring keyring, IOptions<DeliveryOptions> options)
{
    private readonly char _separator = options.Value.TagHeader == "Cache-Tag" ? ',' : ' ';

    public string? Of(Id<Photo> photo, Id<Gallery> gallery) => options.Value.TagHeader.Length == 0 ? null : $"{photo}{_separator}{Of(gallery)}";

    public string Of(Id<Gallery> gallery) => "g-" + keyring.Fingerprint("cache-tags", gallery.Value.ToByteArray())[..16];
}
