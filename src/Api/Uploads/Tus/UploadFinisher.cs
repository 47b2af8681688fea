using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>
/// Ingests an upload whose bytes have all been received. The holder of the lock saves the photo's row and the end of the upload
/// together, so it happens once, however often and in however many processes it is started.
/// </summary>
internal sealed class UploadFinisher(
    ProofsheetDb db, IObjectStore store, PhotoIngest ingest, DirectUploads direct, TenantContext tenant, IOptions<PhotoOptions> options, TimeProvider clock)
{
    /// <summary>Finishes an upload that a crash or a full disk interrupted, unless another request holds the lock. Returns its new state.</summary>
    /// <exception cref="StoreFullException">There is still no room.</exception>
    public async Task<Upload> ResumeAsync(Upload upload)
    {
        if (!upload.WaitsToBeFinished)
        {
            return upload;
        }

        await using var held = await UploadLock.TakeAsync(db, upload.Id, TimeSpan.FromSeconds(options.Value.UploadLeaseSeconds), clock, CancellationToken.None);
        if (held is null)
        {
            return upload;
        }

        // Another request may have finished it since it was read.
        var now = await db.Set<Upload>().AsNoTracking().SingleAsync(u => u.Id == upload.Id, CancellationToken.None);
        if (now.WaitsToBeFinished)
        {
            await FinishAsync(now, held, received: null);
        }

        return now;
    }

    /// <summary>Ends the upload as done or refused.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="held">Its lock.</param>
    /// <param name="received">A copy of the file, if this request has received it.</param>
    /// <exception cref="UploadLockLostException">Another request has the lock now.</exception>
    public async Task FinishAsync(Upload upload, UploadLock held, LocalCopy? received)
    {
        var parts = await PartsAsync(upload);
        var section = await db.Set<Section>().AnyAsync(s => s.Id == upload.SectionId && s.GalleryId == upload.GalleryId) ? upload.SectionId : null;
        var file = new ArrivingFile(upload.GalleryId, section, upload.FileName) { UploadGroup = upload.UploadGroup, Title = upload.Title, Caption = upload.Caption, Sha256 = upload.Sha256 };
        IngestResult taken;
        try
        {
            taken = await db.Set<Gallery>().AnyAsync(g => g.Id == upload.GalleryId)
                ? await ingest.TakeAsync(file, (key, copy) => AssembleAsync(upload, parts, key, held, copy), photo => EndAsync(upload, held, photo), received)
                : new IngestError(422, "gallery_gone", "The gallery was deleted before the upload was finished.");
        }
        catch (PartMissingException)
        {
            taken = new IngestError(422, "upload_parts_missing", "Bytes of this upload were lost. Start again with `CreateUpload`.");
        }

        if (taken.Refusal is not null)
        {
            await EndAsync(upload, held, taken);
        }

        // After the row is saved: what a crash leaves here is deleted when the upload expires, or by the sweeper.
        foreach (var part in parts)
        {
            await store.DeleteAsync(UploadFiles.Part(tenant.Current, part), CancellationToken.None);
        }

        if (parts.Count == 0 || direct.IsOffered)
        {
            await store.DeleteAsync(UploadFiles.Direct(tenant.Current, upload.Id), CancellationToken.None);
        }
    }

    /// <summary>The upload's parts, or those of the uploads that it joins.</summary>
    private async Task<IReadOnlyList<UploadPart>> PartsAsync(Upload upload)
    {
        if (!upload.IsFinal)
        {
            return await db.Set<UploadPart>().AsNoTracking().Where(p => p.UploadId == upload.Id).OrderBy(p => p.Offset).ToListAsync();
        }

        var pieces = db.Set<Upload>().Where(u => u.FinalId == upload.Id);
        return await db.Set<UploadPart>().AsNoTracking()
            .Join(pieces, p => p.UploadId, u => u.Id, (p, u) => new { Part = p, u.FinalPosition })
            .OrderBy(p => p.FinalPosition).ThenBy(p => p.Part.Offset)
            .Select(p => p.Part).ToListAsync();
    }

    private async Task<StoredObject> AssembleAsync(Upload upload, IReadOnlyList<UploadPart> parts, ObjectKey key, UploadLock held, LocalCopy copy)
    {
        if (parts.Count > 0 && parts.Sum(p => p.Length) != upload.Length)
        {
            throw new PartMissingException();
        }

        var stored = parts switch
        {
            [] => await TakeDirectAsync(upload, key, held, copy),
            [var only] => await CopyAsync(only, key),
            _ => await JoinAsync(parts, key, held, copy),
        };
        if (stored.Length == upload.Length)
        {
            return stored;
        }

        await store.DeleteAsync(key, CancellationToken.None);
        throw new StoreFailedException();
    }

    private async Task<StoredObject> CopyAsync(UploadPart part, ObjectKey key)
    {
        if (!await store.CopyAsync(UploadFiles.Part(tenant.Current, part), key, CancellationToken.None))
        {
            throw new PartMissingException();
        }

        var length = (await store.StatAsync(key, CancellationToken.None))?.Length ?? 0;
        return new StoredObject(key, length, part.Sha256, (uint)part.Crc32);
    }

    private async Task<StoredObject> JoinAsync(IReadOnlyList<UploadPart> parts, ObjectKey key, UploadLock held, LocalCopy copy)
    {
        await using var content = new JoinedParts(store, tenant.Current, parts);
        return await store.PutAsync(key, copy.Of(held.WhileReading(content)), cancellation: CancellationToken.None);
    }

    /// <summary>
    /// The bytes are read and written again, not copied inside the store: the client can overwrite the object until its URL expires,
    /// and what is kept must be exactly what was measured.
    /// </summary>
    private async Task<StoredObject> TakeDirectAsync(Upload upload, ObjectKey key, UploadLock held, LocalCopy copy)
    {
        await using var sent = await store.OpenAsync(UploadFiles.Direct(tenant.Current, upload.Id), cancellation: CancellationToken.None);
        return sent is not null && sent.ObjectLength == upload.Length
            ? await store.PutAsync(key, copy.Of(held.WhileReading(sent.Content)), upload.Length, CancellationToken.None)
            : throw new PartMissingException();
    }

    private async Task EndAsync(Upload upload, UploadLock held, IngestResult taken)
    {
        var status = taken.Refusal is null ? UploadStatus.Done : UploadStatus.Refused;
        var (photo, refusal) = (taken.Photo?.Id, taken.Refusal);
        var detail = refusal?.Detail is { Length: > 500 } long500 ? long500[..500] : refusal?.Detail;
        var ended = await held.Held.Where(u => u.Status == UploadStatus.Open).ExecuteUpdateAsync(
            set => set.SetProperty(u => u.Status, status).SetProperty(u => u.Outcome, taken.Outcome).SetProperty(u => u.PhotoId, photo)
                .SetProperty(u => u.ProblemStatus, refusal == null ? null : refusal.HttpStatus)
                .SetProperty(u => u.ProblemCode, refusal == null ? null : refusal.Code)
                .SetProperty(u => u.ProblemDetail, detail),
            CancellationToken.None);
        if (ended == 0)
        {
            throw new UploadLockLostException();
        }

        (upload.Status, upload.Outcome, upload.PhotoId) = (status, taken.Outcome, photo);
        (upload.ProblemStatus, upload.ProblemCode, upload.ProblemDetail) = (refusal?.HttpStatus, refusal?.Code, detail);
    }
}
