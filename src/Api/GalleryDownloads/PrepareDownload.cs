using System.IO.Hashing;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Data;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Api.Media.Watermarks;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.GalleryDownloads;

/// <summary>A visitor requested web files. There may be many requests at once, and each takes seconds.</summary>
internal sealed record DownloadAsked(Id<GalleryDownload> DownloadId) : IBulkEvent
{
    public static string EventName => "downloads.asked";
}

/// <summary>
/// Makes the web files of a download that do not exist yet, and measures all of them, because an archive's length must be known before its
/// first byte. If it runs twice, it writes the same list again.
/// </summary>
internal sealed class PrepareDownload(
    ProofsheetDb db, TenantContext tenant, IObjectStore store, ArchiveLists lists, DownloadTermsLookup lookup, WatermarkSpecs specs, WatermarkedRenditions renditions, TimeProvider clock) : IHandle<DownloadAsked>
{
    private const int AtOnce = 32;

    public Task HandleAsync(DownloadAsked happened, OutboxAttempt attempt, CancellationToken cancellation) => PrepareAsync(happened.DownloadId, cancellation);

    public Task GiveUpAsync(DownloadAsked happened, Exception? error) => SetAsync(happened.DownloadId, PreparationStatus.Failed, 0, 0, CancellationToken.None);

    private async Task PrepareAsync(Id<GalleryDownload> id, CancellationToken cancellation)
    {
        var download = await db.Set<GalleryDownload>().AsNoTracking().SingleOrDefaultAsync(d => d.Id == id, cancellation);
        if (download is null || download.Status != PreparationStatus.Preparing || download.ExpiresAt <= clock.GetUtcNow())
        {
            return;
        }

        var terms = await lookup.FindAsync(download.GalleryId, download.VisitorId, cancellation);
        if (terms?.StillHold(download, clock.GetUtcNow()) != true || await lists.ReadAsync(tenant.Current, id.ToStored(), cancellation) is not { } files)
        {
            // Nobody could fetch it any more, because the rules or the mark have changed.
            await SetAsync(id, PreparationStatus.Failed, 0, 0, cancellation);
            return;
        }

        var measured = await MeasureAsync(id, files, terms, cancellation);
        await lists.WriteAsync(tenant.Current, id.ToStored(), measured, cancellation);
        await SetAsync(id, PreparationStatus.Ready, files.Count, DownloadService.LengthOf(measured), cancellation);
    }

    private async Task<IReadOnlyList<ListedFile>> MeasureAsync(Id<GalleryDownload> id, IReadOnlyList<ListedFile> files, DownloadTerms terms, CancellationToken cancellation)
    {
        var preset = terms.Mark is { } mark ? await specs.OfAsync(mark, cancellation) : null;
        var versions = await VersionsAsync(terms, cancellation);
        var measured = new ListedFile[files.Count];
        for (var from = 0; from < files.Count; from += AtOnce)
        {
            var end = Math.Min(files.Count, from + AtOnce);
            await Parallel.ForAsync(from, end, cancellation, async (i, ct) =>
            {
                var (file, photo) = files[i];
                var (length, crc) = await FileAsync(file.Key, photo!.Value, versions.GetValueOrDefault(photo.Value), terms, preset, ct);
                measured[i] = new(file with { Bytes = length, Crc32 = crc }, photo);
            });
            await db.Set<GalleryDownload>().Where(d => d.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(d => d.PreparedCount, end).SetUpdated(clock.GetUtcNow()), cancellation);
        }

        return measured;
    }

    private async Task<(long Length, uint Crc32)> FileAsync(ObjectKey key, Id<Photo> photo, WebSource? source, DownloadTerms terms, WatermarkSpec? preset, CancellationToken cancellation)
    {
        await using (var stored = await store.OpenAsync(key, cancellation: cancellation))
        {
            if (stored is not null)
            {
                var crc = new Crc32();
                await crc.AppendAsync(stored.Content, cancellation);
                return (stored.Length, crc.GetCurrentHashAsUInt32());
            }
        }

        if (source is not null && terms.Mark is { } mark)
        {
            var (marked, pixels) = terms.WebFile(tenant.Current, photo, source.RenditionVersion, source.Renditions);
            var look = new RenderSpec(pixels, RenditionFormat.Jpeg, preset, WatermarkSpecs.OfViewer(mark));
            // Only the requested version, not another file. It is stored even if it shows the visitor's name, because archives are sent from stored files.
            if (marked == key && await renditions.MakeAsync(PhotoFiles.Master(tenant.Current, photo, source.RenditionVersion), key, isKept: true, look, cancellation) is { } made)
            {
                return (made.Length, Crc32.HashToUInt32(made));
            }
        }

        throw new InvalidOperationException($"The web file of {photo} is not in the store, and cannot be made.");
    }

    private async Task<Dictionary<Id<Photo>, WebSource>> VersionsAsync(DownloadTerms terms, CancellationToken cancellation)
    {
        var gallery = terms.Gallery.Id;
        return await db.Set<Photo>().AsNoTracking().Where(p => p.GalleryId == gallery && p.Status == PhotoStatus.Ready && p.PurgedAt == null)
            .Select(p => new { p.Id, p.RenditionVersion, p.Renditions }).ToDictionaryAsync(p => p.Id, p => new WebSource(p.RenditionVersion, p.Renditions), cancellation);
    }

    private Task<int> SetAsync(Id<GalleryDownload> id, PreparationStatus status, int prepared, long bytes, CancellationToken cancellation) =>
        db.Set<GalleryDownload>().Where(d => d.Id == id && d.Status == PreparationStatus.Preparing).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.Status, status).SetProperty(d => d.PreparedCount, prepared).SetProperty(d => d.Bytes, bytes).SetUpdated(clock.GetUtcNow()), cancellation);

    private sealed record WebSource(int RenditionVersion, IReadOnlyList<StoredRendition> Renditions);
}
