using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Uploads.Multipart;
using Proofsheet.Api.Uploads.Tus;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Batches;

/// <summary>Decides the outcome of each announced file, and creates uploads for the files that have to be sent.</summary>
internal sealed class NewBatches(ProofsheetDb db, NewUploads uploads, PlanLimits limits, PhotoIngest ingest, IOptions<PhotoOptions> options, TimeProvider clock)
{
    public async Task<UploadBatch> MakeAsync(Id<Gallery> gallery, CreateUploadBatchRequest request, CancellationToken cancellation)
    {
        var (now, files) = (clock.GetUtcNow(), request.Files);
        var batch = new UploadBatch { Id = Id<UploadBatch>.New(now), GalleryId = gallery, CreatedAt = now, ExpiresAt = now.AddHours(options.Value.UploadHours) };
        var sections = await BatchSections.EnsureAsync(db, gallery, [.. files.Select(f => Text(f.Section)).OfType<string>().Distinct(StringComparer.Ordinal)], clock, cancellation);
        var twins = await TwinsAsync(files, cancellation);
        var (room, uploadsLeft) = await uploads.RoomAsync(gallery, cancellation);
        var firsts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (position, file) in files.Index())
        {
            var row = new UploadBatchFile { BatchId = batch.Id, Position = position, Path = file.Path, Bytes = file.Bytes };
            batch.Files.Add(row);
            var section = Text(file.Section);
            if (section is not null && !sections.ContainsKey(section))
            {
                row.Refuse(new(422, "too_many_sections", $"A gallery holds up to {Section.MaxPerGallery} sections."));
                continue;
            }

            var arriving = Arriving(gallery, section is null ? null : sections[section], file, request.UploadGroup ?? batch.Id.ToString());
            if (arriving.Sha256 is { } known && firsts.TryGetValue(known, out var first))
            {
                (row.Outcome, row.SameAs) = (UploadOutcome.Duplicate, first);
            }
            else if (!await AdoptAsync(row, arriving, twins, room, cancellation))
            {
                if ((limits.RefuseFile(file.Bytes) ?? room.Refuse(file.Bytes) ?? (uploadsLeft <= 0 ? uploads.TooMany() : null)) is { } refusal)
                {
                    row.Refuse(refusal);
                    continue;
                }

                Begin(batch, row, arriving);
                room.Take(file.Bytes);
                uploadsLeft--;
                if (arriving.Sha256 is { } announced)
                {
                    firsts.Add(announced, position);
                }
            }
        }

        db.Add(batch);
        await db.SaveChangesAsync(cancellation);
        return batch;
    }

    private static ArrivingFile Arriving(Id<Gallery> gallery, Id<Section>? section, UploadBatchFileRequest file, string group) =>
        new(gallery, section, FileNames.Clean(file.Path)) { UploadGroup = group, Title = Text(file.Title), Caption = Text(file.Caption), Sha256 = file.Sha256?.ToLowerInvariant() };

    /// <summary>True if the file needs no upload: the studio already has the bytes, or there is no room for them.</summary>
    private async Task<bool> AdoptAsync(UploadBatchFile row, ArrivingFile arriving, ILookup<string, Photo> twins, PlanRoom room, CancellationToken cancellation)
    {
        if (arriving.Sha256 is null)
        {
            return false;
        }

        // A photo of another length is not the client's file, even if the announced hash matches.
        var same = twins[arriving.Sha256].Where(p => p.CurrentVersion.Bytes == row.Bytes).ToList();
        if (same.Find(p => p.GalleryId == arriving.GalleryId && p.LiveSha256 is not null) is { } here)
        {
            (row.Outcome, row.PhotoId) = (UploadOutcome.Duplicate, here.Id);
            return true;
        }

        foreach (var twin in same)
        {
            if (room.Refuse(row.Bytes) is { } full)
            {
                row.Refuse(full);
                return true;
            }

            if (await ingest.CopyAsync(arriving, twin, cancellation) is not { } taken)
            {
                continue;
            }

            (row.Outcome, row.PhotoId) = (taken.Outcome, taken.Photo?.Id);
            if (taken.Refusal is { } refusal)
            {
                row.Refuse(refusal);
            }

            room.Take(row.Bytes);
            return true;
        }

        return false;
    }

    private void Begin(UploadBatch batch, UploadBatchFile row, ArrivingFile arriving)
    {
        var upload = new Upload
        {
            Id = Id<Upload>.New(batch.CreatedAt),
            GalleryId = batch.GalleryId,
            SectionId = arriving.SectionId,
            BatchId = batch.Id,
            UploadGroup = arriving.UploadGroup,
            FileName = arriving.FileName,
            Title = arriving.Title,
            Caption = arriving.Caption,
            Sha256 = arriving.Sha256,
            Length = row.Bytes,
            CreatedAt = batch.CreatedAt,
            ExpiresAt = batch.ExpiresAt,
        };
        db.Add(upload);
        (row.Outcome, row.UploadId) = (UploadOutcome.Accepted, upload.Id);
    }

    /// <summary>The studio's photos that have one of the announced hashes, by hash.</summary>
    private async Task<ILookup<string, Photo>> TwinsAsync(IReadOnlyList<UploadBatchFileRequest> files, CancellationToken cancellation)
    {
        var hashes = files.Select(f => f.Sha256?.ToLowerInvariant()).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var twins = hashes.Count == 0 ? [] : await db.Set<Photo>().AsNoTracking().Where(p => hashes.Contains(p.CurrentVersion.Sha256) && p.PurgedAt == null).ToListAsync(cancellation);
        return twins.ToLookup(p => p.CurrentVersion.Sha256, StringComparer.Ordinal);
    }

    private static string? Text(string? given) => string.IsNullOrWhiteSpace(given) ? null : given.Trim();
}
