using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.GalleryDownloads;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Exports;

/// <summary>A studio requested an export.</summary>
internal sealed record ExportAsked(Id<GalleryExport> ExportId) : IOutboxEvent
{
    public static string EventName => "downloads.export_asked";
}

/// <summary>Writes an export's list and its metadata. If it runs twice, it writes them again; once ready, they never change.</summary>
internal sealed class MakeExport(ProofsheetDb db, TenantContext tenant, IObjectStore store, ArchiveLists lists, ExportSource source, WorkFolder work, TimeProvider clock) : IHandle<ExportAsked>
{
    private const int AtOnce = 2_000;
    private const int LooksAtOnce = 32;

    public Task HandleAsync(ExportAsked happened, OutboxAttempt attempt, CancellationToken cancellation) => MakeAsync(happened.ExportId, cancellation);

    public Task GiveUpAsync(ExportAsked happened, Exception? error) => FailAsync(happened.ExportId, CancellationToken.None);

    private async Task MakeAsync(Id<GalleryExport> id, CancellationToken cancellation)
    {
        var export = await Of(id).AsNoTracking().SingleOrDefaultAsync(cancellation);
        var gallery = export is null ? null : await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == export.GalleryId, cancellation);
        if (export is null || gallery is null)
        {
            // Requested twice and already done, or the gallery was deleted in the meantime.
            await FailAsync(id, cancellation);
            return;
        }

        var content = await source.ReadAsync(gallery, cancellation);
        await Of(id).ExecuteUpdateAsync(set => set.SetProperty(x => x.PhotoCount, content.Photos.Count).SetProperty(x => x.PreparedCount, 0).SetUpdated(clock.GetUtcNow()), cancellation);
        await LookAsync(id, content.Photos, cancellation);
        var files = content.Photos.Where(p => p.Path is not null)
            .Select(p => new ListedFile(new ArchiveFile(p.Path!, PhotoFiles.Original(tenant.Current, p.Id), p.Bytes, p.Crc32, p.CreatedAt), p.Id)).ToList();
        var now = clock.GetUtcNow();
        // First in the list, so that file managers show them above the folders.
        files.Insert(0, await WriteAsync(id, "metadata.json", stream => ExportMetadata.WriteJsonAsync(stream, content, now, cancellation), now, cancellation));
        files.Insert(1, await WriteAsync(id, "metadata.csv", stream => ExportMetadata.WriteCsvAsync(stream, content, cancellation), now, cancellation));
        await lists.WriteAsync(tenant.Current, id.ToStored(), files, cancellation);
        var bytes = DownloadService.LengthOf(files);
        await Of(id).ExecuteUpdateAsync(
            set => set.SetProperty(x => x.Status, PreparationStatus.Ready).SetProperty(x => x.Bytes, bytes).SetProperty(x => x.MissingCount, content.Photos.Count(p => p.Path == null))
                .SetUpdated(clock.GetUtcNow()), cancellation);
    }

    /// <summary>An original that is not in the store is listed without a file, so that it does not prevent the export.</summary>
    private async Task LookAsync(Id<GalleryExport> id, IReadOnlyList<ExportedPhoto> photos, CancellationToken cancellation)
    {
        for (var from = 0; from < photos.Count; from += AtOnce)
        {
            var end = Math.Min(photos.Count, from + AtOnce);
            await Parallel.ForAsync(from, end, new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = cancellation }, async (i, ct) =>
            {
                if ((await store.StatAsync(PhotoFiles.Original(tenant.Current, photos[i].Id), ct))?.Length != photos[i].Bytes)
                {
                    photos[i].Path = null;
                }
            });
            await Of(id).ExecuteUpdateAsync(set => set.SetProperty(x => x.PreparedCount, end).SetUpdated(clock.GetUtcNow()), cancellation);
        }
    }

    private async Task<ListedFile> WriteAsync(Id<GalleryExport> id, string name, Func<Stream, Task> write, DateTimeOffset now, CancellationToken cancellation)
    {
        // Uses a temporary file, because 70,000 photos produce tens of megabytes.
        await using var buffer = new FileStream(
            Path.Combine(work.Path, Path.GetRandomFileName()), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
        await write(buffer);
        buffer.Position = 0;
        var stored = await store.PutAsync(ArchiveLists.Key(tenant.Current, id.ToStored(), name), buffer, cancellation: cancellation);
        return new(new ArchiveFile(name, stored.Key, stored.Length, stored.Crc32, now), null);
    }

    private Task<int> FailAsync(Id<GalleryExport> id, CancellationToken cancellation) =>
        Of(id).ExecuteUpdateAsync(set => set.SetProperty(x => x.Status, PreparationStatus.Failed).SetUpdated(clock.GetUtcNow()), cancellation);

    private IQueryable<GalleryExport> Of(Id<GalleryExport> id) => db.Set<GalleryExport>().Where(e => e.Id == id && e.Status == PreparationStatus.Preparing);
}
