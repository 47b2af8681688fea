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

/// <summary>What visitors of a gallery see drawn over its photos.</summary>
/// <param name="AccessVersion">The version of the gallery's password or PIN.</param>
/// <param name="Watermark">Null if the gallery has none.</param>
/// <param name="Branding">The branding whose logo or name is shown; null if neither is.</param>
/// <param name="Viewer">Null if all visitors of the gallery see the same pictures.</param>
internal sealed record GalleryMark(int AccessVersion, Watermark? Watermark, Branding? Branding, ViewerMark? Viewer = null)
{
    /// <summary>Increment this when the drawing of watermarks changes, so that none drawn before is shown again.</summary>
    private const int Drawing = 2;

    /// <summary>False if visitors see the clean picture.</summary>
    public bool IsDrawn => Watermark is not null || Viewer is not null;

    /// <summary>Identifies the drawn watermark with all its settings; part of the keys it is stored under.</summary>
    public string Name => Watermark is { } watermark
        ? Hash($"{Drawing}|{watermark.Id}|{watermark.Version}|{Branding?.LogoSha256 ?? Branding?.Name}")
        : "plain";

    /// <summary>The folder of the drawn pictures. Pictures for a single visitor are never stored there; the name only identifies them while they are made.</summary>
    public string FileName => Viewer is null ? Name : $"{Name}-{Viewer.Name}";

    /// <summary>
    /// The segment in visitors' URLs. When the password, the PIN or the watermark changes, the old URLs stop working: nobody keeps
    /// access to a gallery that was locked, or to pictures as they were without the watermark.
    /// </summary>
    public string Variant => string.Create(CultureInfo.InvariantCulture, $"a{AccessVersion}-{FileName}");

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}

/// <summary>What one visitor's pictures show about the visitor.</summary>
/// <param name="Visitor">Null for pictures that are shown before a visitor has entered: the gallery's cover.</param>
/// <param name="Name">The end of the variant: visitor, version of the visitor's row, and what is shown. It reveals neither name nor email address.</param>
internal sealed record ViewerMark(Id<Visitor>? Visitor, string Name, string Text)
{
    public static ViewerMark Of(ViewerWatermark kind, Visitor visitor) => new(
        visitor.Id,
        string.Create(CultureInfo.InvariantCulture, $"{Letter(kind)}{visitor.Id.ToStored()}.{visitor.Version}"),
        TextOf(kind == ViewerWatermark.Email ? visitor.Email : visitor.Name, visitor));

    public static ViewerMark OfNobody(Branding branding) => new(null, $"front.{GalleryMark.Hash(branding.Name)}", branding.Name);

    /// <summary>The visitor that a variant is for; null if it is not for one visitor.</summary>
    public static Id<Visitor>? VisitorOf(string variant)
    {
        var name = variant.AsSpan(variant.LastIndexOf('-') + 1);
        return name.Length > Crockford.Length + 1 && name[0] is 'n' or 'e' && name[Crockford.Length + 1] == '.'
            && Id<Visitor>.TryRead($"{Galleries.Visitors.Visitor.Prefix}_{name.Slice(1, Crockford.Length)}", out var visitor) ? visitor : null;
    }

    /// <summary>A name that the font cannot draw identifies nobody, so the email address or the id is used instead.</summary>
    private static string TextOf(string? wanted, Visitor visitor) =>
        new[] { wanted, visitor.Email }.FirstOrDefault(text => text is not null && Letters.MissingIn(text) is null) ?? visitor.Id.ToString();

    private static char Letter(ViewerWatermark kind) => kind == ViewerWatermark.Email ? 'e' : 'n';
}

/// <summary>Reads marks. Each watermark and the branding are read once per request, however many galleries use them.</summary>
internal sealed class GalleryMarks(ProofsheetDb db)
{
    private readonly Dictionary<Id<Watermark>, Watermark?> _read = [];
    private Branding? _branding;

    /// <param name="visitor">Who is looking; null if unknown.</param>
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
