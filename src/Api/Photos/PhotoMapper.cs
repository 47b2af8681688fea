using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Photos;

/// <summary>Photos as the caller may see them: everything for the studio, only what is shown for a visitor, with visitors' URLs.</summary>
internal sealed class PhotoMapper(ProofsheetDb db, Caller caller, IPhotoUrls links)
{
    public async Task<PhotoResponse> OneAsync(Photo photo, CancellationToken cancellation, bool withGps = false) =>
        (await ManyAsync([photo], photo.GalleryId, cancellation, withGps))[0];

    public async Task<IReadOnlyList<PhotoResponse>> ManyAsync(IReadOnlyList<Photo> photos, Id<Gallery> gallery, CancellationToken cancellation, bool withGps = false)
    {
        var variant = await links.VariantAsync(gallery, cancellation);
        var places = withGps && caller.IsStudio ? await PlacesAsync(photos, cancellation) : [];
        return [.. photos.Select(p => Of(p, variant, places.GetValueOrDefault(p.Id)))];
    }

    private async Task<Dictionary<Id<Photo>, PhotoLocation>> PlacesAsync(IReadOnlyList<Photo> photos, CancellationToken cancellation)
    {
        var ids = photos.Select(p => p.Id).ToList();
        return await db.Set<PhotoLocation>().AsNoTracking().Where(l => ids.Contains(l.PhotoId)).ToDictionaryAsync(l => l.PhotoId, cancellation);
    }

    private PhotoResponse Of(Photo photo, string variant, PhotoLocation? place) => new()
    {
        Id = photo.Id,
        GalleryId = photo.GalleryId,
        SectionId = photo.SectionId,
        CurrentVersion = Version(photo.CurrentVersion),
        Title = photo.Title,
        Caption = photo.Caption,
        AltText = photo.AltText,
        Status = photo.Status,
        Failure = photo.Status == PhotoStatus.Failed ? new() { Code = photo.FailureCode!, Detail = photo.FailureDetail! } : null,
        Position = photo.Position,
        IsHidden = photo.IsHidden,
        Placeholder = photo.BlurHash,
        Colors = photo.Colors,
        Signals = caller.IsVisitor ? null : Signals(photo),
        TakenAt = photo.TakenAt,
        Exif = Exif(photo.Details, place),
        Urls = links.Urls(photo, variant),
        Srcset = links.Srcset(photo, variant),
        Metadata = caller.IsVisitor ? null : photo.Metadata,
        CreatedAt = photo.CreatedAt,
        UpdatedAt = photo.UpdatedAt,
        DeletedAt = photo.DeletedAt,
    };

    private PhotoVersionResponse Version(PhotoVersion version) => new()
    {
        Number = version.Number,
        FileName = version.FileName,
        Width = version.Width,
        Height = version.Height,
        ContentType = caller.IsVisitor ? null : version.ContentType,
        Bytes = caller.IsVisitor ? null : version.Bytes,
        Sha256 = caller.IsVisitor ? null : version.Sha256,
        CreatedAt = version.CreatedAt,
    };

    private static PhotoSignalsResponse? Signals(Photo photo) =>
        photo is { DifferenceHash: { } difference, PerceptualHash: { } perceptual, Sharpness: { } sharpness }
            ? new() { DifferenceHash = $"{difference:x16}", PerceptualHash = $"{perceptual:x16}", Sharpness = sharpness }
            : null;

    private static PhotoExifResponse Exif(PhotoDetails details, PhotoLocation? place) => new()
    {
        Camera = details.Camera,
        Lens = details.Lens,
        ExposureTime = ExposureTime(details.ExposureSeconds),
        Aperture = details.Aperture,
        Iso = details.Iso,
        FocalLength = details.FocalLength,
        Keywords = details.Keywords,
        FileRating = details.Rating,
        Creator = details.Creator,
        Copyright = details.Copyright,
        Gps = place is null ? null : new() { Latitude = place.Latitude, Longitude = place.Longitude, AltitudeMeters = place.AltitudeMeters },
    };

    public static string? ExposureTime(double? seconds) => seconds switch
    {
        null or <= 0 => null,
        < 0.3 => "1/" + Math.Round(1 / seconds.Value).ToString("0", CultureInfo.InvariantCulture),
        _ => Math.Round(seconds.Value, 1).ToString("0.#", CultureInfo.InvariantCulture),
    };
}

internal static class VisiblePhotos
{
    /// <summary>The studio's photos, including deleted ones that can be restored, but not purged ones or those of a deleted gallery.</summary>
    public static IQueryable<Photo> StudioPhotos(this ProofsheetDb db) =>
        db.Set<Photo>().Where(p => p.PurgedAt == null && db.Set<Gallery>().Any(g => g.Id == p.GalleryId));

    /// <summary>The photos that exist for this caller: for a visitor, those that its gallery shows.</summary>
    public static IQueryable<Photo> PhotosFor(this ProofsheetDb db, Caller caller)
    {
        if (!caller.IsVisitor)
        {
            return db.StudioPhotos();
        }

        _ = Id<Gallery>.TryRead(caller.GalleryId, out var gallery);
        return db.StudioPhotos().Where(p => p.GalleryId == gallery && p.Status == PhotoStatus.Ready && !p.IsHidden && p.DeletedAt == null);
    }
}
