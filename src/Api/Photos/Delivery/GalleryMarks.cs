using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Studios;

namespace Proofsheet.Api.Photos.Delivery;

/// <summary>What visitors of a gallery see on its photos.</summary>
internal sealed record GalleryMark
{
    /// <summary>Raised when something in the drawing of watermarks changes, so that none drawn before is shown again.</summary>
    private const int Drawing = 1;

    public required int AccessVersion { get; init; }

    public required Id<Watermark>? WatermarkId { get; init; }

    public required long WatermarkVersion { get; init; }

    /// <summary>Of the logo that a logo watermark shows; null for others.</summary>
    public required string? LogoVersion { get; init; }

    /// <summary>Names the drawn watermark with all its settings; part of the keys it is stored under.</summary>
    public string Name => WatermarkId is { } id
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Drawing}|{id}|{WatermarkVersion}|{LogoVersion}")).AsSpan(0, 8))
        : "plain";

    /// <summary>
    /// The segment of visitors' addresses. With a changed lock or a changed watermark the old addresses end: nobody goes on
    /// looking through a door that was closed, or at pictures as they were without the mark.
    /// </summary>
    public string Variant => string.Create(CultureInfo.InvariantCulture, $"a{AccessVersion}-{Name}");
}

internal sealed class GalleryMarks(ProofsheetDb db)
{
    public async Task<GalleryMark?> FindAsync(Id<Gallery> gallery, CancellationToken cancellation)
    {
        var found = await db.Set<Gallery>().AsNoTracking().Where(g => g.Id == gallery).Select(g => new { g.AccessVersion, g.WatermarkId }).SingleOrDefaultAsync(cancellation);
        return found is null ? null : await OfAsync(found.AccessVersion, found.WatermarkId, cancellation);
    }

    public async Task<GalleryMark> OfAsync(int accessVersion, Id<Watermark>? watermarkId, CancellationToken cancellation)
    {
        var watermark = watermarkId is null ? null : await WatermarkAsync(watermarkId.Value, cancellation);
        return new GalleryMark
        {
            AccessVersion = accessVersion,
            WatermarkId = watermark?.Id,
            WatermarkVersion = watermark?.Version ?? 0,
            LogoVersion = null,
        };
    }

    public Task<Watermark?> WatermarkAsync(Id<Watermark> id, CancellationToken cancellation) =>
        db.Set<Watermark>().AsNoTracking().SingleOrDefaultAsync(w => w.Id == id, cancellation);
}
