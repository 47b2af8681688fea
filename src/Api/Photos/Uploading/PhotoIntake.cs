using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Outbox;
using Proofsheet.Api.Photos.Processing;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Studios;

namespace Proofsheet.Api.Photos.Uploading;

/// <param name="Photo">The new photo, or the one that is there already.</param>
/// <param name="Refusal">Why there is none.</param>
internal sealed record Intake(PhotoUploadStatus Status, Photo? Photo, IntakeRefusal? Refusal)
{
    public static implicit operator Intake(IntakeRefusal refusal) => new(PhotoUploadStatus.Refused, null, refusal);
}

internal sealed record IntakeRefusal(int HttpStatus, string Code, string Detail);

/// <summary>
/// Takes one file into a gallery: bytes to the store, a look at the header, then the row and the order to process it in
/// one transaction. A kill in between leaves an object without a row, which <see cref="OrphanSweeper"/> collects.
/// </summary>
internal sealed class PhotoIntake(
    ProofsheetDb db, IObjectStore store, IImageProcessor images, TenantContext tenant, IOptions<Plans> plans, IOptions<PhotoOptions> options, TimeProvider clock)
{
    private Plan? _plan;
    private long? _storedBytes;

    public async Task<Intake> TakeAsync(Id<Gallery> gallery, Id<Section>? section, string fileName, Stream content, CancellationToken cancellation)
    {
        if (await RefuseByPlanAsync(gallery, 0, cancellation) is { } full)
        {
            return full;
        }

        var id = Id<Photo>.New(clock.GetUtcNow());
        var key = PhotoFiles.Original(tenant.Current, id);
        StoredObject stored;
        try
        {
            stored = await store.PutAsync(key, content, options.Value.MaxFileBytes, cancellation);
        }
        catch (ObjectTooLargeException)
        {
            return new IntakeRefusal(413, "file_too_large", FormattableString.Invariant($"This file is larger than {options.Value.MaxFileBytes / 1_048_576.0:0.#} MB."));
        }
        catch (StoreFullException)
        {
            return new IntakeRefusal(507, "storage_full", "There is no room left to keep this file. Nothing of it was kept.");
        }

        // From here on the file is whole, and is seen through even when the client goes away.
        var (kind, refusal) = await InspectAsync(key);
        if (refusal is not null && refusal.Code != ImageRefusal.NoCodecCode)
        {
            await store.DeleteAsync(key, CancellationToken.None);
            return new IntakeRefusal(422, refusal.Code, refusal.Message);
        }

        var photo = NewPhoto(id, gallery, section, fileName, stored, kind, refusal);
        var intake = await SaveAsync(photo);
        if (intake.Status != PhotoUploadStatus.Accepted)
        {
            await store.DeleteAsync(key, CancellationToken.None);
        }

        return intake;
    }

    /// <remarks>When this throws, the row may or may not have been saved: the object stays, and the sweeper decides.</remarks>
    private async Task<Intake> SaveAsync(Photo photo)
    {
        var cancellation = CancellationToken.None;
        await PhotoShelf.EnsureAsync(db, photo.GalleryId, cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await PhotoShelf.TakeAsync(db, photo.GalleryId, cancellation);

        var twin = await db.Set<Photo>().AsNoTracking().SingleOrDefaultAsync(p => p.GalleryId == photo.GalleryId && p.LiveSha256 == photo.Sha256, cancellation);
        if (twin is not null)
        {
            return new Intake(PhotoUploadStatus.Duplicate, twin, null);
        }

        if (await RefuseByPlanAsync(photo.GalleryId, photo.Bytes, cancellation) is { } full)
        {
            return full;
        }

        photo.Position = await EndAsync(photo.GalleryId, cancellation) + Photo.PositionGap;
        db.Add(photo);
        if (photo.State == PhotoState.Processing)
        {
            db.Publish(tenant.Current, new PhotoProcessingAsked { PhotoId = photo.Id }, clock.GetUtcNow());
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        _storedBytes += photo.Bytes;
        return new Intake(PhotoUploadStatus.Accepted, photo, null);
    }

    private async Task<(SniffedFormat Kind, ImageRefusal? Refusal)> InspectAsync(ObjectKey key)
    {
        try
        {
            await using var file = await store.FetchAsync(key) ?? throw new IOException("What was just stored is not there.");
            var inspection = await images.InspectAsync(file.Path, CancellationToken.None);
            return inspection.Facts is { } facts ? (facts.Kind, null) : (ImageSniffer.Sniff(file.Path), inspection.Refusal);
        }
        catch
        {
            // No row can exist yet.
            await store.DeleteAsync(key, CancellationToken.None);
            throw;
        }
    }

    private Photo NewPhoto(Id<Photo> id, Id<Gallery> gallery, Id<Section>? section, string fileName, StoredObject stored, SniffedFormat kind, ImageRefusal? refusal)
    {
        var now = clock.GetUtcNow();
        return new Photo
        {
            Id = id,
            GalleryId = gallery,
            SectionId = section,
            FileName = fileName,
            SortName = FileNames.Sortable(fileName),
            State = refusal is null ? PhotoState.Processing : PhotoState.Failed,
            FailureCode = refusal?.Code,
            FailureDetail = refusal?.Message,
            StateChangedAt = now,
            ContentType = kind.ContentType,
            Bytes = stored.Length,
            Sha256 = stored.Sha256,
            LiveSha256 = stored.Sha256,
            Crc32 = stored.Crc32,
            Position = 0,
            OrderedAt = now,
            CreatedAt = now,
        };
    }

    /// <summary>The count is exact inside the gallery's turn; the bytes are those of the request's beginning and its own.</summary>
    private async Task<IntakeRefusal?> RefuseByPlanAsync(Id<Gallery> gallery, long more, CancellationToken cancellation)
    {
        _plan ??= plans.Value.Of(await db.Set<Studio>().AsNoTracking().SingleAsync(cancellation));
        if (await db.Set<Photo>().CountAsync(p => p.GalleryId == gallery && p.LiveSha256 != null, cancellation) >= _plan.MaxPhotosPerGallery)
        {
            return new IntakeRefusal(422, "plan_photo_limit", $"A gallery holds at most {_plan.MaxPhotosPerGallery} photos in this plan.");
        }

        _storedBytes ??= await db.Set<Photo>().Where(p => p.PurgedAt == null).SumAsync(p => p.Bytes, cancellation);
        return _storedBytes + more > _plan.MaxStorageBytes
            ? new IntakeRefusal(422, "plan_storage_limit", "The studio's storage is used up. Delete what is not needed, or choose a larger plan.")
            : null;
    }

    private async Task<long> EndAsync(Id<Gallery> gallery, CancellationToken cancellation) =>
        await db.Set<Photo>().Where(p => p.GalleryId == gallery).MaxAsync(p => (long?)p.Position, cancellation) ?? 0;
}
