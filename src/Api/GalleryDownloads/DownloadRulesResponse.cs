using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.GalleryDownloads;

internal sealed record DownloadRulesResponse
{
    public required Id<Gallery> GalleryId { get; init; }

    /// <summary>Whether visitors may download photos without buying them. False for a new gallery.</summary>
    public required bool AllowsDownloads { get; init; }

    /// <summary>The sizes on offer: web is a rendition as JPEG, full is the original.</summary>
    public required IReadOnlyList<DigitalSize> Sizes { get; init; }

    /// <summary>The longer side of a web file in pixels: 300, 1200 or 2048. Null for the largest available.</summary>
    public required int? WebPixels { get; init; }

    /// <summary>Whether web files have the gallery's watermark, if it has one.</summary>
    public required bool IsWebWatermarked { get; init; }

    /// <summary>Whether downloading requires a separate PIN.</summary>
    public required bool HasPin { get; init; }

    /// <summary>How many photos one visitor may download; each photo counts once. Null for no limit.</summary>
    public required int? PhotosPerVisitor { get; init; }

    /// <summary>How many photos all visitors together may download. Null for no limit.</summary>
    public required int? PhotosPerGallery { get; init; }

    public required DownloadAudience Audience { get; init; }

    /// <summary>The email addresses of the audience listed_emails.</summary>
    public required IReadOnlyList<string> Emails { get; init; }

    /// <summary>When downloading ends. Null if it ends with the gallery.</summary>
    public required DateTimeOffset? EndsAt { get; init; }

    /// <summary>The number of photos downloaded so far, each counted once per visitor.</summary>
    public required int DownloadedPhotoCount { get; init; }
}

internal static class DownloadRulesLookups
{
    /// <summary>The stored rules, or those of a new gallery (not saved) if there are none.</summary>
    public static async Task<GalleryDownloadRules> DownloadRulesAsync(this ProofsheetDb db, Id<Gallery> gallery, CancellationToken cancellation) =>
        await db.Set<GalleryDownloadRules>().SingleOrDefaultAsync(r => r.GalleryId == gallery, cancellation) ?? new GalleryDownloadRules { GalleryId = gallery };

    public static async Task<DownloadRulesResponse> ToResponseAsync(this ProofsheetDb db, GalleryDownloadRules rules, CancellationToken cancellation) => new()
    {
        GalleryId = rules.GalleryId,
        AllowsDownloads = rules.AllowsDownloads,
        Sizes = rules.Sizes,
        WebPixels = rules.WebPixels,
        IsWebWatermarked = rules.IsWebWatermarked,
        HasPin = rules.PinHash is not null,
        PhotosPerVisitor = rules.PhotosPerVisitor,
        PhotosPerGallery = rules.PhotosPerGallery,
        Audience = rules.Audience,
        Emails = rules.Emails,
        EndsAt = rules.EndsAt,
        DownloadedPhotoCount = await db.Set<CountedDownload>().CountAsync(c => c.GalleryId == rules.GalleryId, cancellation),
    };
}
