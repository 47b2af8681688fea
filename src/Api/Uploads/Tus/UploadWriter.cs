using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>
/// Appends the bytes of one request to an upload, as objects of some megabytes that each count as soon as they are complete.
/// A crash therefore loses one of them at most, and a client that disconnects loses nothing that was received.
/// </summary>
internal sealed class UploadWriter(
    ProofsheetDb db, IObjectStore store, TenantContext tenant, IOptions<PhotoOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<UploadWriter> log) : IAsyncDisposable
{
    /// <summary>A copy of a file that is received as one part, so that it does not have to be fetched from the store to be inspected.</summary>
    public LocalCopy Copy { get; } = new(store);

    private TimeSpan PartTime => TimeSpan.FromSeconds(options.Value.UploadLeaseSeconds / 3.0);

    /// <summary>Null on success, otherwise the reason. Either way the upload's offset says how far it is.</summary>
    public async Task<ProblemHttpResult?> AppendAsync(Upload upload, UploadLock held, HttpRequest request, UploadDigest? digest)
    {
        var limit = upload.Length ?? options.Value.MaxFileBytes;
        if (request.ContentLength > limit - upload.Offset)
        {
            return TooLong(upload);
        }

        using var hash = digest is null ? null : IncrementalHash.CreateHash(digest.Algorithm);
        // Stored but not yet counted; with a checksum, that is every part until the end.
        var loose = new List<UploadPart>();
        var taken = await db.Set<UploadPart>().CountAsync(p => p.UploadId == upload.Id, CancellationToken.None);
        try
        {
            var source = new ArrivingBytes(request.Body, clock);
            while (await AwaitAsync(source, held))
            {
                var offset = upload.Offset + loose.Sum(p => p.Length);
                if (offset == limit)
                {
                    return TooLong(upload);
                }

                if (taken++ >= Upload.MaxParts)
                {
                    return Problems.Rule("too_many_upload_parts", $"An upload is made of at most {Upload.MaxParts} parts. Begin again with `CreateUpload` and send more bytes at once.");
                }

                loose.Add(await PutAsync(upload.Id, offset, Math.Min(options.Value.UploadPartBytes, limit - offset), source, hash, isCopied: offset == 0 && limit <= options.Value.UploadPartBytes));
                if (hash is not null)
                {
                    await held.RenewAsync();
                }
                else if (offset + loose[0].Length < limit || !await source.WaitAsync(PartTime))
                {
                    // A body that goes on beyond the announced length is not the announced file, so its last part is not counted.
                    await CountAsync(upload, held, loose);
                }
            }

            return digest is null ? null : await CountCheckedAsync(upload, held, loose, source, digest, hash!);
        }
        finally
        {
            foreach (var part in loose)
            {
                await store.DeleteAsync(UploadFiles.Part(tenant.Current, part), CancellationToken.None);
            }
        }
    }

    public ValueTask DisposeAsync() => Copy.DisposeAsync();

    /// <summary>True if there are bytes to write; false at the end of the body, or if this process is shutting down.</summary>
    private async Task<bool> AwaitAsync(ArrivingBytes source, UploadLock held)
    {
        while (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            if (await source.WaitAsync(PartTime) || source.HasEnded)
            {
                return !source.HasEnded;
            }

            await held.RenewAsync();
        }

        // The server closes a connection with a pending read at once; otherwise it would wait for the rest of the body, and a shutdown with it.
        await source.WaitAsync(TimeSpan.Zero);
        return false;
    }

    private async Task<UploadPart> PutAsync(Id<Upload> upload, long offset, long maxBytes, ArrivingBytes source, IncrementalHash? hash, bool isCopied)
    {
        var name = FormattableString.Invariant($"{offset}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        var content = new ArrivingPart(source, maxBytes, PartTime, hash, clock);
        var stored = await store.PutAsync(
            ObjectKey.Of(tenant.Current.ToStored(), UploadFiles.Folder, upload.ToStored(), name), isCopied ? Copy.Of(content) : content, cancellation: CancellationToken.None);
        if (stored.Length != content.Position)
        {
            log.LogError("The store kept {Stored} of {Sent} bytes of {Upload}", stored.Length, content.Position, upload);
            await store.DeleteAsync(stored.Key, CancellationToken.None);
            throw new StoreFailedException();
        }

        return new UploadPart { UploadId = upload, Offset = offset, Length = stored.Length, Name = name, Sha256 = stored.Sha256, Crc32 = stored.Crc32 };
    }

    private async Task<ProblemHttpResult?> CountCheckedAsync(Upload upload, UploadLock held, List<UploadPart> loose, ArrivingBytes source, UploadDigest digest, IncrementalHash hash)
    {
        if (source.WasCut || !source.HasEnded)
        {
            return Problems.BadRequest("upload_incomplete", "The body ended before its checksum could be compared. Nothing of it was kept; send it again.");
        }

        if (!digest.Fits(hash))
        {
            return Problems.Of(460, "upload_checksum_mismatch", "The bytes do not match the checksum. Nothing of this request was kept; send it again.");
        }

        await CountAsync(upload, held, loose);
        return null;
    }

    /// <summary>Moves the offset past the parts and empties the list.</summary>
    private async Task CountAsync(Upload upload, UploadLock held, List<UploadPart> loose)
    {
        if (loose.Count == 0)
        {
            return;
        }

        var parts = loose.ToList();
        var (from, to) = (upload.Offset, upload.Offset + parts.Sum(p => p.Length));
        var (until, expires) = (held.Until, clock.GetUtcNow().AddHours(options.Value.UploadHours));
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        if (await held.Held.Where(u => u.Offset == from && u.Status == UploadStatus.Open).ExecuteUpdateAsync(
            set => set.SetProperty(u => u.Offset, to).SetProperty(u => u.ExpiresAt, expires).SetProperty(u => u.LockUntil, until), CancellationToken.None) == 0)
        {
            throw new UploadLockLostException();
        }

        // From here on the rows may have been saved even if an exception is thrown, so the objects are left for the sweeper to decide.
        loose.Clear();
        db.AddRange(parts);
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        (upload.Offset, upload.ExpiresAt) = (to, expires);
    }

    private ProblemHttpResult TooLong(Upload upload) => upload.Length is null
        ? Problems.TooLarge("file_too_large", FormattableString.Invariant($"A file has at most {options.Value.MaxFileBytes / 1_048_576.0:0.#} MB."))
        : Problems.TooLarge("upload_too_long", "The upload has more bytes than its length allows.");
}

/// <summary>The store kept something other than what it was given, or lost what it kept.</summary>
internal sealed class StoreFailedException() : Exception("The store did not keep what it was given.");
