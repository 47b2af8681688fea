using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Media.Cache;

/// <summary>What visitors of a gallery see on its photos.</summary>
/// <param name="AccessVersion">Of the gallery's lock.</param>
/// <param name="Watermark">Null where the gallery has none.</param>
/// <param name="Branding">Whose logo or name is shown; null where neither is.</param>
/// <param name="Viewer">Null where the gallery's pictures are the same for all its visitors.</param>
internal sealed record GalleryMark(int AccessVersion, Watermark? Watermark, Branding? Branding, ViewerMark? Viewer = null)
{
    /// <summary>Raised when something in the drawing of watermarks changes, so that none drawn before is shown again.</summary>
    private const int Drawing = 2;

    /// <summary>False where visitors see the clean picture.</summary>
    public bool IsDrawn => Watermark is not null || Viewer is not null;

    /// <summary>Names the drawn watermark with all its settings; part of the keys it is stored under.</summary>
    public string Name => Watermark is { } watermark
        ? Hash($"{Drawing}|{watermark.Id}|{watermark.Version}|{Branding?.LogoSha256 ?? Branding?.Name}")
        : "plain";

    /// <summary>Of the folder of what is drawn; never used for what is drawn for one visitor, but while it is being made.</summary>
    public string FileName => Viewer is null ? Name : $"{Name}-{Viewer.Name}";

    /// <summary>
    /// The segment of visitors' addresses. With a changed lock or a changed watermark the old addresses end: nobody goes on
    /// looking through a door that was closed, or at pictures as they were without the mark.
    /// </summary>
    public string Variant => string.Create(CultureInfo.InvariantCulture, $"a{AccessVersion}-{FileName}");

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}

/// <summary>What one visitor's pictures say of the visitor.</summary>
/// <param name="Visitor">Null on what is shown before anybody has come in: the gallery's cover.</param>
/// <param name="Name">Ends the variant: visitor, version of the visitor's row, and what is shown of it. Nothing in it tells name or address.</param>
internal sealed record ViewerMark(Id<Visitor>? Visitor, string Name, string Text)
{
    public static ViewerMark Of(ViewerWatermark kind, Visitor visitor) => new(
        visitor.Id,
        string.Create(CultureInfo.InvariantCulture, $"{Letter(kind)}{visitor.Id.ToStored()}.{visitor.Version}"),
        TextOf(kind == ViewerWatermark.Email ? visitor.Email : visitor.Name, visitor));

    public static ViewerMark OfNobody(Branding branding) => new(null, $"front.{GalleryMark.Hash(branding.Name)}", branding.Name);

    /// <summary>The visitor that a variant says it is for; null where it names none.</summary>
    public static Id<Visitor>? VisitorOf(string variant)
    {
        var name = variant.AsSpan(variant.LastIndexOf('-') + 1);
        return name.Length > Crockford.Length + 1 && name[0] is 'n' or 'e' && name[Crockford.Length + 1] == '.'
            && Id<Visitor>.TryRead($"{Galleries.Visitors.Visitor.Prefix}_{name.Slice(1, Crockford.Length)}", out var visitor) ? visitor : null;
    }

    /// <summary>Boxes with numbers say of nobody who it is: then the address, or the id.</summary>
    private static string TextOf(string? wanted, Visitor visitor) =>
        new[] { wanted, visitor.Email }.FirstOrDefault(text => text is not null && Letters.MissingIn(text) is null) ?? visitor.Id.ToString();

    private static char Letter(ViewerWatermark kind) => kind == ViewerWatermark.Email ? 'e' : 'n';
}

/// <summary>Reads marks; each watermark, and the branding, once in a request, however many galleries have it.</summary>
internal sealed class GalleryMarks(ProofsheetDb db)
{
    private readonly Dictionary<Id<Watermark>, Watermark?> _read = [];
    private Branding? _branding;

    /// <param name="visitor">Who looks; null: nobody that is known.</param>
    public async Task<GalleryMark?> FindAsync(Id<Gallery> gallery, Id<Visitor>? visitor, CancellationToken cancellation) =>
        await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == gallery, cancellation) is { } found ? await OfAsync(found, visitor, cancellation) : null;

    public async Task<GalleryMark> OfAsync(Gallery gallery, Id<Visitor>? visitor, CancellationToken cancellation)
    {
        var watermark = gallery.WatermarkId is { } id ? await ReadAsync(id, cancellation) : null;
        var branding = watermark?.Type == WatermarkType.Logo ? await BrandingAsync(cancellation) : null;
        return new GalleryMark(gallery.AccessVersion, watermark, branding, await ViewerAsync(gallery, visitor, cancellation));
    }

    private async Task<ViewerMark?> ViewerAsync(Gallery gallery, Id<Visitor>? id, CancellationToken cancellation)
    {
        if (gallery.ViewerWatermark == ViewerWatermark.None)
        {
            return null;
        }

        var visitor = id is null ? null : await db.Set<Visitor>().AsNoTracking().SingleOrDefaultAsync(v => v.Id == id && v.GalleryId == gallery.Id, cancellation);
        return visitor is null ? ViewerMark.OfNobody(await BrandingAsync(cancellation)) : ViewerMark.Of(gallery.ViewerWatermark, visitor);
    }

    private async Task<Watermark?> ReadAsync(Id<Watermark> id, CancellationToken cancellation)
    {
        if (!_read.TryGetValue(id, out var read))
        {
            _read[id] = read = await db.Set<Watermark>().AsNoTracking().SingleOrDefaultAsync(w => w.Id == id, cancellation);
        }

        return read;
    }

    private async Task<Branding> BrandingAsync(CancellationToken cancellation) => _branding ??= await db.BrandingAsync(cancellation);
}
