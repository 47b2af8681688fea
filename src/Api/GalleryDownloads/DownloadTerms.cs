using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Media.Cache;
using Proofsheet.Api.Media.Serving;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.GalleryDownloads;

/// <summary>What a gallery's rules currently mean for one of its visitors.</summary>
/// <param name="Mark">The mark on web files; null if they are clean.</param>
internal sealed record DownloadTerms(Gallery Gallery, GalleryDownloadRules Rules, Visitor Visitor, GalleryMark? Mark)
{
    public string Who => CountedDownload.WhoIs(Rules, Visitor);

    /// <summary>Identifies the files of a size, so that two downloads with the same variant have the same files.</summary>
    public string Variant(DigitalSize size) => size == DigitalSize.Full
        ? "full"
        : string.Create(CultureInfo.InvariantCulture, $"web-{Rules.WebPixels?.ToString(CultureInfo.InvariantCulture) ?? "largest"}-{Mark?.FileName ?? MediaPath.Clean}");

    /// <summary>Why this visitor may download nothing at all; null if downloading is allowed.</summary>
    public ProblemHttpResult? Refuse(DateTimeOffset now) =>
        !Rules.AllowsDownloads ? Problems.Forbidden("downloads_off", "Nothing can be downloaded from this gallery. Ask the photographer.")
        : Rules.HasEndedAt(now) ? Problems.Gone("downloads_ended", "The time to download from this gallery is over. Ask the photographer.")
        : Rules.Takes(Visitor.Email) ? null
        : Visitor.Email is null ? Problems.Forbidden("email_required", "Downloading needs your e-mail address: give it with `UpdateVisitor`.")
        : Problems.Forbidden("email_not_listed", "The photographer does not let this e-mail address download.");

    /// <summary>True while a download that was created under these terms may still be fetched.</summary>
    public bool StillHold(GalleryDownload download, DateTimeOffset now) =>
        Gallery.IsOpenAt(now) && Gallery.AccessVersion == download.AccessVersion && Refuse(now) is null
        && Rules.PinVersion == download.PinVersion && Rules.Sizes.Contains(download.Size) && Variant(download.Size) == download.Variant;

    /// <summary>The file of a photo in web size: a stored rendition, or one to be made from the master.</summary>
    public (ObjectKey Key, int Pixels) WebFile(Id<Tenant> tenant, Id<Photo> photo, int version, IReadOnlyList<StoredRendition> renditions)
    {
        var sizes = renditions.Select(r => r.Size).Order().ToList();
        // For a photo that was processed before a size was introduced, the next smaller one.
        var pixels = sizes.LastOrDefault(s => s <= (Rules.WebPixels ?? int.MaxValue), sizes[0]);
        return Mark is null
            ? (PhotoFiles.Clean(tenant, photo, version, pixels, RenditionFormat.Jpeg), pixels)
            : (PhotoFiles.Watermarked(tenant, photo, version, Mark.FileName, pixels, RenditionFormat.Jpeg), pixels);
    }
}

internal sealed class DownloadTermsLookup(ProofsheetDb db, GalleryMarks marks)
{
    /// <summary>Null if the gallery or the visitor does not exist.</summary>
    public async Task<DownloadTerms?> FindAsync(Id<Gallery> galleryId, Id<Visitor> visitorId, CancellationToken cancellation)
    {
        var gallery = await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == galleryId, cancellation);
        var visitor = await db.Set<Visitor>().AsNoTracking().SingleOrDefaultAsync(v => v.Id == visitorId && v.GalleryId == galleryId, cancellation);
        if (gallery is null || visitor is null)
        {
            return null;
        }

        var rules = await db.Set<GalleryDownloadRules>().AsNoTracking().SingleOrDefaultAsync(r => r.GalleryId == galleryId, cancellation) ?? new GalleryDownloadRules { GalleryId = galleryId };
        var mark = rules.IsWebWatermarked ? await marks.OfAsync(gallery, visitorId, cancellation) : null;
        return new DownloadTerms(gallery, rules, visitor, mark is { IsDrawn: true } ? mark : null);
    }

    /// <summary>The terms of the caller; null for other credentials, and for a gallery that the visitor's token does not open.</summary>
    public async Task<DownloadTerms?> FindAsync(Id<Gallery> galleryId, Caller caller, CancellationToken cancellation) =>
        caller.IsVisitor && caller.Reaches(galleryId) && Id<Visitor>.TryRead(caller.VisitorId, out var visitor) ? await FindAsync(galleryId, visitor, cancellation) : null;

    /// <summary>How many more photos the visitor may download; null for no limit.</summary>
    public async Task<int?> PhotosLeftAsync(DownloadTerms terms, CancellationToken cancellation)
    {
        var counted = db.Set<CountedDownload>().Where(c => c.GalleryId == terms.Gallery.Id);
        var who = terms.Who;
        var own = terms.Rules.PhotosPerVisitor is { } each ? each - await counted.CountAsync(c => c.Who == who, cancellation) : (int?)null;
        var all = terms.Rules.PhotosPerGallery is { } most ? most - await counted.CountAsync(cancellation) : (int?)null;
        return own is null && all is null ? null : Math.Max(0, Math.Min(own ?? int.MaxValue, all ?? int.MaxValue));
    }
}
