using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Photos.Delivery;

/// <param name="Gone">The address names a state that is over.</param>
/// <param name="Tag">Strong: the same for the same bytes only.</param>
internal sealed record Picture(bool Gone, bool IsPublic, string Tag, ObjectStream? Stream, byte[]? Bytes)
{
    public static readonly Picture None = new(false, false, "", null, null);
    public static readonly Picture Over = None with { Gone = true };
}

/// <summary>Finds the picture that a signed address names, or has it made.</summary>
/// <remarks>
/// The photo's row is read at every request: one look-up by key, a small part of what the answer costs, and it makes hiding,
/// deleting, closing and re-marking work at once instead of when the address ends. What caches hold already is beyond us.
/// </remarks>
internal sealed class Pictures(ProofsheetDb db, GalleryMarks marks, WatermarkSpecs specs, WatermarkedRenditions renditions, IObjectStore store)
{
    public async Task<Picture> FindAsync(MediaPath path, RenditionFormat format, DateTimeOffset now, CancellationToken cancellation)
    {
        var photo = await db.Set<Photo>().AsNoTracking()
            .Where(p => p.Id == path.Photo && p.State == PhotoState.Ready && p.PurgedAt == null)
            .Select(p => new { p.Hidden, p.DeletedAt, p.ContentVersion, p.GalleryId })
            .SingleOrDefaultAsync(cancellation);
        var gallery = photo is null ? null : await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == photo.GalleryId, cancellation);
        if (photo is null || gallery is null)
        {
            return Picture.None;
        }

        if (photo.ContentVersion != path.Version)
        {
            return Picture.Over;
        }

        if (path.Variant == MediaPath.Clean)
        {
            return await CleanAsync(path, format, isPublic: false, cancellation);
        }

        if (photo.Hidden || photo.DeletedAt is not null)
        {
            return Picture.None;
        }

        var mark = await marks.OfAsync(gallery.AccessVersion, gallery.WatermarkId, cancellation);
        if (mark.Variant != path.Variant || !gallery.IsOpenAt(now))
        {
            return Picture.Over;
        }

        var isPublic = gallery.Visibility == GalleryVisibility.Public;
        return mark.Watermark is null
            ? await CleanAsync(path, format, isPublic, cancellation)
            : await MarkedAsync(path, format, mark, isPublic, cancellation);
    }

    private async Task<Picture> CleanAsync(MediaPath path, RenditionFormat format, bool isPublic, CancellationToken cancellation) =>
        await StoredAsync(PhotoFiles.Clean(path.Tenant, path.Photo, path.Version, path.Size, format), isPublic, cancellation) ?? Picture.None;

    private async Task<Picture> MarkedAsync(MediaPath path, RenditionFormat format, GalleryMark mark, bool isPublic, CancellationToken cancellation)
    {
        var key = PhotoFiles.Watermarked(path.Tenant, path.Photo, path.Version, mark.Name, path.Size, format);
        if (await StoredAsync(key, isPublic, cancellation) is { } stored)
        {
            return stored;
        }

        // Never the clean picture instead: a mark that cannot be drawn is an error, not a gift.
        var spec = await specs.OfAsync(mark, cancellation);
        var master = PhotoFiles.Master(path.Tenant, path.Photo, path.Version);
        var made = await renditions.MakeAsync(master, key, path.Size, format, spec, cancellation);
        return made is null ? Picture.None : new Picture(false, isPublic, Tag(key, made.Length), null, made);
    }

    private async Task<Picture?> StoredAsync(ObjectKey key, bool isPublic, CancellationToken cancellation) =>
        await ObjectStream.FindAsync(store, key, cancellation) is { } stream ? new Picture(false, isPublic, Tag(key, stream.Length), stream, null) : null;

    /// <summary>A key's content never changes; the length tells apart what another version of the encoder made of it.</summary>
    private static string Tag(ObjectKey key, long length) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{key}:{length}"))).AsSpan(0, 12));
}
