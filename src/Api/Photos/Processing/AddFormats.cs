using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos.Processing;

/// <summary>
/// Adds the formats that are smaller to send to a photo that is shown in JPEG meanwhile. Nothing about the photo changes for a client of the API, so
/// neither does its version: whoever read the photo before can still change it.
/// </summary>
internal sealed class AddFormats(
    ProofsheetDb db, IObjectStore store, RenditionStore renditions, IImageProcessor images, TenantContext tenant, WorkFolder work, ILogger<AddFormats> log) : IHandle<PhotoFormatsDue>
{
    public async Task HandleAsync(PhotoFormatsDue happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var (id, version) = (happened.PhotoId, happened.RenditionVersion);
        var jpeg = await Meant(happened).AsNoTracking().Select(p => p.Renditions).SingleOrDefaultAsync(cancellation);
        await using var master = jpeg is null ? null : await store.FetchAsync(PhotoFiles.Master(tenant.Current, id, version), cancellation);
        if (jpeg is null || master is null)
        {
            // Processed again or purged in the meantime. If the master is lost, the photo stays as it is: `verify --repair` makes it again.
            return;
        }

        var folder = Directory.CreateDirectory(Path.Combine(work.Path, Path.GetRandomFileName()));
        try
        {
            var outcome = await images.AddFormatsAsync(new ImageJob(master.Path, folder.FullName), cancellation);
            if (outcome.Renditions is not { } made)
            {
                log.LogWarning("{Photo} stays in JPEG only: {Code}, {Reason}", id, outcome.Refusal!.Code, outcome.Refusal.Message);
                return;
            }

            await renditions.PutAsync(id, version, made, folder, cancellation);
            var all = Together(jpeg, made);
            if (await Meant(happened).ExecuteUpdateAsync(set => set.SetProperty(p => p.Renditions, all), CancellationToken.None) == 0)
            {
                await renditions.DeleteAsync(id, version, made);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private IQueryable<Photo> Meant(PhotoFormatsDue happened) =>
        db.Set<Photo>().IgnoreAutoIncludes().Where(p => p.Id == happened.PhotoId && p.RenditionVersion == happened.RenditionVersion && p.PurgedAt == null);

    private static List<StoredRendition> Together(IEnumerable<StoredRendition> stored, IReadOnlyList<RenditionFile> made) =>
        [.. stored.Select(size => size with { Bytes = size.Bytes.Concat(made.Where(f => f.SizePixels == size.Size).Select(f => KeyValuePair.Create(f.Format, f.Bytes))).DistinctBy(f => f.Key).ToDictionary() })];
}
