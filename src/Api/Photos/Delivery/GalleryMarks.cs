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
/// <param name="AccessVersion">Of the gallery's lock.</param>
/// <param name="Watermark">Null where the gallery has none.</param>
/// <param name="Branding">Whose logo or name a logo watermark shows; null for others.</param>
internal sealed record GalleryMark(int AccessVersion, Watermark? Watermark, Branding? Branding)
{
    /// <summary>Raised when something in the drawing of watermarks changes, so that none drawn before is shown again.</summary>
    private const int Drawing = 1;

    /// <summary>Names the drawn watermark with all its settings; part of the keys it is stored under.</summary>
    public string Name => Watermark is { } watermark
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{Drawing}|{watermark.Id}|{watermark.Version}|{Branding?.LogoSha256 ?? Branding?.Name}")).AsSpan(0, 8))
        : "plain";

    /// <summary>
    /// The segment of visitors' addresses. With a changed lock or a changed watermark the old addresses end: nobody goes on
    /// looking through a door that was closed, or at pictures as they were without the mark.
    /// </summary>
    public string Variant => string.Create(CultureInfo.InvariantCulture, $"a{AccessVersion}-{Name}");
}

/// <summary>Reads marks; each watermark once in a request, however many galleries have it.</summary>
internal sealed class GalleryMarks(ProofsheetDb db)
{
    private readonly Dictionary<Id<Watermark>, (Watermark?, Branding?)> _read = [];

    public async Task<GalleryMark?> FindAsync(Id<Gallery> gallery, CancellationToken cancellation)
    {
        var found = await db.Set<Gallery>().AsNoTracking().Where(g => g.Id == gallery).Select(g => new { g.AccessVersion, g.WatermarkId }).SingleOrDefaultAsync(cancellation);
        return found is null ? null : await OfAsync(found.AccessVersion, found.WatermarkId, cancellation);
    }

    public async Task<GalleryMark> OfAsync(int accessVersion, Id<Watermark>? watermarkId, CancellationToken cancellation)
    {
        var (watermark, branding) = watermarkId is { } id ? await ReadAsync(id, cancellation) : (null, null);
        return new GalleryMark(accessVersion, watermark, branding);
    }

    private async Task<(Watermark? Watermark, Branding? Branding)> ReadAsync(Id<Watermark> id, CancellationToken cancellation)
    {
        if (!_read.TryGetValue(id, out var read))
        {
            var watermark = await db.Set<Watermark>().AsNoTracking().SingleOrDefaultAsync(w => w.Id == id, cancellation);
            read = (watermark, watermark?.Kind == WatermarkKind.Logo ? await db.BrandingAsync(cancellation) : null);
            _read[id] = read;
        }

        return read;
    }
}
