using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.GalleryDownloads;

internal sealed record DownloadRulesResponse
{
    public required Id<Gallery> GalleryId { get; init; }

    /// <summary>False, as it is for a new gallery: visitors download what they bought and nothing else.</summary>
    public required bool AllowsDownloads { get; init; }

    /// <summary>web: a rendition as JPEG; full: the original.</summary>
    public required IReadOnlyList<DigitalSize> Sizes { get; init; }

    /// <summary>Longer side of a web file in pixels: 300, 1200 or 2048; null: the largest there is.</summary>
    public required int? WebPixels { get; init; }

    /// <summary>Whether a web file carries the gallery's watermark, where it has one.</summary>
    public required bool IsWebWatermarked { get; init; }

    /// <summary>Downloading asks for a PIN of its own.</summary>
    public required bool HasPin { get; init; }

    /// <summary>How many photos one visitor may download; each counts once. Null: all.</summary>
    public required int? PhotosPerVisitor { get; init; }

    /// <summary>The same of all visitors together.</summary>
    public required int? PhotosPerGallery { get; init; }

    public required DownloadAudience Audience { get; init; }

    /// <summary>For the audience listed_emails.</summary>
    public required IReadOnlyList<string> Emails { get; init; }

    /// <summary>When downloading ends; null: with the gallery.</summary>
    public required DateTimeOffset? EndsAt { get; init; }

    /// <summary>Photos that were downloaded so far, each counted once for a visitor.</summary>
    public required int DownloadedPhotoCount { get; init; }
}

internal static class DownloadRulesLookups
{
    /// <summary>The rules as they are kept; those of a new gallery, not yet kept, where there are none.</summary>
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
