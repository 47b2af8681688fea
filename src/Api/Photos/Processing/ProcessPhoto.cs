using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.Metadata;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos.Processing;

/// <summary>
/// Makes what a photo is shown with: its renditions in JPEG, the master and the signals. If it runs twice, it writes the same files under the same keys;
/// the row changes once, when all of them are stored. <see cref="AddFormats"/> makes the rest.
/// </summary>
internal sealed class ProcessPhoto(
    ProofsheetDb db, IObjectStore store, RenditionStore renditions, IImageProcessor images, TenantContext tenant, WorkFolder work, TimeProvider clock, ILogger<ProcessPhoto> log) : IHandle<PhotoProcessingAsked>
{
    public const string FailedCode = "processing_failed";
    private const string FailedDetail = "The server failed to process this photograph. The original is safe: try again, and tell the operator if it fails again.";
    private const string FullDetail = "The store was full, so the pictures made from this photograph could not be kept. The original is safe: try again when there is room.";
    private const string LostDetail = "The original of this photograph is missing. Upload it again.";

    public Task HandleAsync(PhotoProcessingAsked happened, OutboxAttempt attempt, CancellationToken cancellation) => ProcessAsync(happened.PhotoId, cancellation);

    public Task GiveUpAsync(PhotoProcessingAsked happened, Exception? error) =>
        error is StoreFullException ? FailAsync(happened.PhotoId, "storage_full", FullDetail) : FailAsync(happened.PhotoId, FailedCode, FailedDetail);

    private async Task ProcessAsync(Id<Photo> id, CancellationToken cancellation)
    {
        var photo = await FindAsync(id, cancellation);
        if (photo is null)
        {
            // Already done, or deleted in the meantime, in which case restoring requests it again.
            return;
        }

        await using var original = await store.FetchAsync(PhotoFiles.Original(tenant.Current, id), cancellation);
        if (original is null)
        {
            await FailAsync(id, "original_missing", LostDetail);
            return;
        }

        var folder = Directory.CreateDirectory(Path.Combine(work.Path, Path.GetRandomFileName()));
        try
        {
            var outcome = await images.ProcessAsync(new ImageJob(original.Path, folder.FullName), cancellation);
            if (outcome.Photo is not { } made)
            {
                await FailAsync(id, outcome.Refusal!.Code, outcome.Refusal.Message);
                return;
            }

            var version = photo.RenditionVersion + 1;
            await Task.WhenAll(renditions.PutAsync(id, version, made.Renditions, folder, cancellation), renditions.PutMasterAsync(id, version, made.Master, folder, cancellation));
            await FinishAsync(id, version, made);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Task<Photo?> FindAsync(Id<Photo> id, CancellationToken cancellation) =>
        db.Set<Photo>().SingleOrDefaultAsync(p => p.Id == id && p.Status == PhotoStatus.Processing && p.DeletedAt == null, cancellation);

    private async Task FinishAsync(Id<Photo> id, int version, ProcessedPhoto made)
    {
        var zone = await db.Set<Studio>().Select(s => s.TimeZone).SingleAsync(CancellationToken.None);
        var takenAt = TakenAt(made.Metadata, zone);
        await ChangeAsync(id, photo =>
        {
            // Only the first time. What the studio wrote in the meantime, or has since cleared, takes precedence over the file's metadata.
            if (photo.RenditionVersion == 0)
            {
                photo.Title ??= made.Metadata.Title;
                photo.Caption ??= made.Metadata.Caption;
            }

            photo.RenditionVersion = version;
            (photo.CurrentVersion.Width, photo.CurrentVersion.Height) = (made.Width, made.Height);
            photo.BlurHash = made.Signals.BlurHash;
            photo.Colors = [.. made.Signals.DominantColors];
            (photo.DifferenceHash, photo.PerceptualHash, photo.Sharpness) = (made.Signals.DifferenceHash, made.Signals.PerceptualHash, made.Signals.Sharpness);
            photo.Renditions = RenditionStore.Stored(made.Renditions);
            photo.Details = Details(made.Metadata);
            photo.TakenAt = takenAt;
            photo.OrderedAt = takenAt ?? photo.CreatedAt;
            (photo.Status, photo.FailureCode, photo.FailureDetail, photo.StatusChangedAt) = (PhotoStatus.Ready, null, null, clock.GetUtcNow());
            db.Publish(tenant.Current, new PhotoFormatsDue(id, version), clock.GetUtcNow());
        }, made.Metadata.Gps);
    }

    private Task FailAsync(Id<Photo> id, string code, string detail) => ChangeAsync(id, photo => photo.Fail(code, detail, clock.GetUtcNow()), null);

    /// <summary>If the studio edits the row in the meantime, the row is read again; the pictures are not made again.</summary>
    private async Task ChangeAsync(Id<Photo> id, Action<Photo> change, GpsPosition? gps)
    {
        for (var round = 1; ; round++)
        {
            db.ChangeTracker.Clear();
            if (await FindAsync(id, CancellationToken.None) is not { } photo)
            {
                return;
            }

            change(photo);
            if (gps is { } place && double.IsFinite(place.Latitude) && double.IsFinite(place.Longitude))
            {
                await PlaceAsync(id, place);
            }

            db.Publish(tenant.Current, new PhotoProcessed { PhotoId = id, GalleryId = photo.GalleryId, Status = photo.Status }, clock.GetUtcNow());
            try
            {
                await db.SaveChangesAsync(CancellationToken.None);
                return;
            }
            catch (DbUpdateConcurrencyException) when (round < 5)
            {
                log.LogInformation("{Photo} was changed while it was processed", id);
            }
        }
    }

    private async Task PlaceAsync(Id<Photo> id, GpsPosition gps)
    {
        var location = await db.Set<PhotoLocation>().SingleOrDefaultAsync(l => l.PhotoId == id, CancellationToken.None);
        if (location is null)
        {
            db.Add(new PhotoLocation { PhotoId = id, Latitude = gps.Latitude, Longitude = gps.Longitude, AltitudeMeters = Finite(gps.AltitudeMeters) });
        }
        else
        {
            (location.Latitude, location.Longitude, location.AltitudeMeters) = (gps.Latitude, gps.Longitude, Finite(gps.AltitudeMeters));
        }
    }

    private static PhotoDetails Details(PhotoMetadata metadata) => new()
    {
        Camera = metadata.Camera,
        Lens = metadata.Lens,
        ExposureSeconds = Finite(metadata.ExposureSeconds),
        Aperture = Finite(metadata.FNumber),
        Iso = metadata.Iso,
        FocalLength = Finite(metadata.FocalLengthMillimeters),
        Keywords = metadata.Keywords,
        Rating = metadata.Rating,
        Creator = metadata.Creator,
        Copyright = metadata.Copyright,
    };

    // A fraction over zero is a valid number in the file, but not in JSON or in the database.
    private static double? Finite(double? number) => number is { } value && double.IsFinite(value) ? value : null;

    private static DateTimeOffset? TakenAt(PhotoMetadata metadata, string zone)
    {
        if (metadata.TakenAt is { } known)
        {
            return known.ToUniversalTime();
        }

        if (metadata.TakenAtLocal is not { } local || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var studio))
        {
            return null;
        }

        // Years no camera writes, which would leave the valid range once the time zone is applied.
        return local.Year is < 1800 or > 9000
            ? null
            : new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), studio.GetUtcOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified))).ToUniversalTime();
    }
}
