using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Photos.Processing;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Maintenance;
using Proofsheet.Api.Uploads.Multipart;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Uploads;

/// <summary>What the client says about a file that it uploads to a gallery.</summary>
internal sealed record ArrivingFile(Id<Gallery> GalleryId, Id<Section>? SectionId, string FileName)
{
    /// <summary>Files of one group are in the gallery in the order of their names.</summary>
    public string? UploadGroup { get; init; }

    public string? Title { get; init; }

    public string? Caption { get; init; }

    /// <summary>The SHA-256 that the bytes must have, in lower-case hexadecimal digits.</summary>
    public string? Sha256 { get; init; }
}

/// <param name="Photo">The new photo, or the existing one if the file is a duplicate.</param>
/// <param name="Refusal">Why there is no photo.</param>
internal sealed record IngestResult(UploadOutcome Outcome, Photo? Photo, IngestError? Refusal)
{
    public static implicit operator IngestResult(IngestError refusal) => new(UploadOutcome.Refused, null, refusal);
}

internal sealed record IngestError(int HttpStatus, string Code, string Detail);

/// <summary>
/// Ingests one file into a gallery: stores the bytes, inspects the header, then saves the row and the request to process it in
/// one transaction. A crash in between leaves an object without a row, which <see cref="OrphanSweeper"/> deletes.
/// </summary>
internal sealed class PhotoIngest(ProofsheetDb db, IObjectStore store, IImageProcessor images, PlanLimits limits, TenantContext tenant, IOptions<PhotoOptions> options, TimeProvider clock)
{
    /// <summary>Ingests a file from a stream.</summary>
    public async Task<IngestResult> TakeAsync(ArrivingFile file, Stream content, CancellationToken cancellation)
    {
        try
        {
            return await TakeAsync(file, (key, copy) => store.PutAsync(key, copy.Of(content), options.Value.MaxFileBytes, cancellation));
        }
        catch (ObjectTooLargeException)
        {
            return limits.TooLarge();
        }
        catch (StoreFullException)
        {
            return new IngestError(507, "storage_full", "The store is full. Nothing of this file was kept.");
        }
    }

    /// <param name="file">What the client says about the file.</param>
    /// <param name="put">Stores the bytes under the key, and in the copy if they pass through this process. If it throws, nothing is kept.</param>
    /// <param name="settle">Saves related rows in the photo's transaction. If it throws, no photo is saved.</param>
    /// <param name="received">The copy to use, if the bytes have passed through this process already.</param>
    public async Task<IngestResult> TakeAsync(
        ArrivingFile file, Func<ObjectKey, LocalCopy, Task<StoredObject>> put, Func<IngestResult, Task>? settle = null, LocalCopy? received = null)
    {
        if ((await limits.RoomAsync(file.GalleryId, CancellationToken.None)).Refuse(0) is { } full)
        {
            return full;
        }

        var id = Id<Photo>.New(clock.GetUtcNow());
        var key = PhotoFiles.Original(tenant.Current, id);
        await using var own = new LocalCopy(store);
        var copy = received ?? own;
        var stored = await put(key, copy);
        if (file.Sha256 is { } expected && expected != stored.Sha256)
        {
            await store.DeleteAsync(key, CancellationToken.None);
            return new IngestError(422, "upload_digest_mismatch", "The bytes do not match the SHA-256 that was announced.");
        }

        // The file is complete from here on, so it is processed even if the client disconnects.
        var (kind, refusal) = await InspectAsync(stored, copy);
        if (refusal is { KeepsOriginal: false })
        {
            await store.DeleteAsync(key, CancellationToken.None);
            return new IngestError(422, refusal.Code, refusal.Message);
        }

        return await SaveAsync(NewPhoto(id, file, stored, kind.ContentType, refusal), settle);
    }

    /// <summary>Copies a photo whose bytes the studio already has in another gallery, so nothing is uploaded. Null if that original is gone.</summary>
    public async Task<IngestResult?> CopyAsync(ArrivingFile file, Photo twin, CancellationToken cancellation)
    {
        var id = Id<Photo>.New(clock.GetUtcNow());
        var key = PhotoFiles.Original(tenant.Current, id);
        if (!await store.CopyAsync(PhotoFiles.Original(tenant.Current, twin.Id), key, cancellation))
        {
            return null;
        }

        var same = twin.CurrentVersion;
        if ((await store.StatAsync(key, CancellationToken.None))?.Length != same.Bytes)
        {
            await store.DeleteAsync(key, CancellationToken.None);
            return null;
        }

        return await SaveAsync(NewPhoto(id, file, new StoredObject(key, same.Bytes, same.Sha256, (uint)same.Crc32), same.ContentType, null), null);
    }

    /// <remarks>When this throws, the row may or may not have been saved, so the object is left for the sweeper to decide.</remarks>
    private async Task<IngestResult> SaveAsync(Photo photo, Func<IngestResult, Task>? settle)
    {
        await GalleryLock.EnsureAsync(db, photo.GalleryId, CancellationToken.None);
        var result = await db.InTransactionAsync(() => SaveInTurnAsync(photo, settle), CancellationToken.None);
        if (result.Outcome == UploadOutcome.Accepted)
        {
            limits.Count(photo.CurrentVersion.Bytes);
        }
        else
        {
            await store.DeleteAsync(PhotoFiles.Original(tenant.Current, photo.Id), CancellationToken.None);
        }

        return result;
    }

    private async Task<IngestResult> SaveInTurnAsync(Photo photo, Func<IngestResult, Task>? settle)
    {
        var cancellation = CancellationToken.None;
        await GalleryLock.TakeAsync(db, photo.GalleryId, cancellation);
        var twin = await db.Set<Photo>().AsNoTracking().SingleOrDefaultAsync(p => p.GalleryId == photo.GalleryId && p.LiveSha256 == photo.LiveSha256, cancellation);
        if (twin is null && (await limits.RoomAsync(photo.GalleryId, cancellation)).Refuse(photo.CurrentVersion.Bytes) is { } full)
        {
            return full;
        }

        if (twin is null)
        {
            photo.Position = await UploadPlaces.PlaceAsync(db, photo, clock.GetUtcNow(), cancellation);
            db.Add(photo);
            if (photo.Status == PhotoStatus.Processing)
            {
                db.Publish(tenant.Current, new PhotoProcessingAsked { PhotoId = photo.Id }, clock.GetUtcNow());
            }

            await db.SaveChangesAsync(cancellation);
        }

        var result = new IngestResult(twin is null ? UploadOutcome.Accepted : UploadOutcome.Duplicate, twin ?? photo, null);
        if (settle is not null)
        {
            await settle(result);
        }

        return result;
    }

    private async Task<(SniffedFormat Kind, ImageRefusal? Refusal)> InspectAsync(StoredObject stored, LocalCopy copy)
    {
        try
        {
            await using var file = await copy.FileAsync(stored, CancellationToken.None) ?? throw new IOException("What was just stored is not there.");
            var inspection = await images.InspectAsync(file.Path, CancellationToken.None);
            return inspection.Facts is { } facts ? (facts.Kind, null) : (ImageSniffer.Sniff(file.Path), inspection.Refusal);
        }
        catch
        {
            // No row can exist yet.
            await store.DeleteAsync(stored.Key, CancellationToken.None);
            throw;
        }
    }

    private Photo NewPhoto(Id<Photo> id, ArrivingFile file, StoredObject stored, string contentType, ImageRefusal? refusal)
    {
        var now = clock.GetUtcNow();
        return new Photo
        {
            Id = id,
            GalleryId = file.GalleryId,
            SectionId = file.SectionId,
            CurrentVersionNumber = PhotoVersion.First,
            CurrentVersion = new PhotoVersion
            {
                PhotoId = id,
                Number = PhotoVersion.First,
                FileName = file.FileName,
                ContentType = contentType,
                Bytes = stored.Length,
                Sha256 = stored.Sha256,
                Crc32 = stored.Crc32,
                CreatedAt = now,
            },
            SortName = FileNames.Sortable(file.FileName),
            Title = file.Title,
            Caption = file.Caption,
            Status = refusal is null ? PhotoStatus.Processing : PhotoStatus.Failed,
            FailureCode = refusal?.Code,
            FailureDetail = refusal?.Message,
            StatusChangedAt = now,
            LiveSha256 = stored.Sha256,
            Position = 0,
            UploadGroup = file.UploadGroup,
            OrderedAt = now,
            CreatedAt = now,
        };
    }
}
