using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Photos.Delivery;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Studios;

namespace Proofsheet.Api.Photos.Uploading;

/// <summary>
/// Collects files that no photo needs: originals whose row was never saved (a kill in between), what a purge left, older
/// renditions, and watermarked pictures: those that show another mark than the gallery has by now, and those that were made long
/// ago and are made again when asked for.
/// </summary>
internal sealed class OrphanSweeper(IServiceScopeFactory scopes, IObjectStore store, IOptions<PhotoOptions> options, TimeProvider clock, ILogger<OrphanSweeper> log)
    : BackgroundService
{
    /// <summary>Longer than any upload takes between its file and its row.</summary>
    public static readonly TimeSpan OrphanAge = TimeSpan.FromDays(1);

    public static readonly TimeSpan WatermarkedAge = TimeSpan.FromDays(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(options.Value.SweepHours), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Files without a photo could not be collected; the next round tries again.");
            }
        }
    }

    /// <summary>Every studio once. Answers how many files went.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        List<Id<Tenant>> studios;
        await using (var scope = scopes.CreateAsyncScope())
        {
            studios = await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().AcrossTenants<Studio>().Select(s => s.TenantId).ToListAsync(cancellation);
        }

        SweepWork();
        var swept = 0;
        foreach (var studio in studios)
        {
            swept += await SweepAsync(studio, cancellation);
        }

        return swept;
    }

    /// <summary>A process that was killed leaves the folder of the picture it was making.</summary>
    private void SweepWork()
    {
        var work = new DirectoryInfo(options.Value.WorkFolder);
        foreach (var left in work.Exists ? work.GetDirectories() : [])
        {
            if (left.LastWriteTimeUtc < (clock.GetUtcNow() - OrphanAge).UtcDateTime)
            {
                left.Delete(recursive: true);
            }
        }
    }

    private async Task<int> SweepAsync(Id<Tenant> studio, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var old = new List<ObjectStat>();
        await foreach (var file in store.ListAsync(PhotoFiles.AllOf(studio), cancellation))
        {
            if (file.WrittenAt < now - OrphanAge)
            {
                old.Add(file);
            }
        }

        var swept = 0;
        foreach (var some in old.GroupBy(f => PhotoOf(f.Key)).Chunk(200))
        {
            var versions = await VersionsAsync(studio, [.. some.Select(g => g.Key)], cancellation);
            foreach (var file in some.SelectMany(g => g).Where(f => !IsNeeded(f, versions, now)))
            {
                await store.DeleteAsync(file.Key, cancellation);
                swept++;
            }
        }

        if (swept > 0)
        {
            log.LogInformation("{Files} files of {Studio} that no photo needs were deleted", swept, studio);
        }

        return swept;
    }

    /// <summary>The content version of each photo that still has files, and the folder of what its gallery's visitors see now.</summary>
    private async Task<Dictionary<Id<Photo>, (int Version, string? MarkFolder)>> VersionsAsync(Id<Tenant> studio, List<Id<Photo>> photos, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(studio);
        var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();
        var marks = scope.ServiceProvider.GetRequiredService<GalleryMarks>();
        var found = await db.Set<Photo>().AsNoTracking()
            .Where(p => photos.Contains(p.Id) && p.PurgedAt == null)
            .Select(p => new { p.Id, p.ContentVersion, p.GalleryId })
            .ToListAsync(cancellation);
        var galleryIds = found.Select(p => p.GalleryId).Distinct().ToList();
        var folders = new Dictionary<Id<Gallery>, string>();
        foreach (var gallery in await db.Set<Gallery>().AsNoTracking().Where(g => galleryIds.Contains(g.Id)).ToListAsync(cancellation))
        {
            folders[gallery.Id] = PhotoFiles.WatermarkFolder + (await marks.OfAsync(gallery, visitor: null, cancellation)).FileName;
        }

        return found.ToDictionary(p => p.Id, p => (p.ContentVersion, folders.GetValueOrDefault(p.GalleryId)));
    }

    private static bool IsNeeded(ObjectStat file, Dictionary<Id<Photo>, (int Version, string? MarkFolder)> versions, DateTimeOffset now)
    {
        if (!versions.TryGetValue(PhotoOf(file.Key), out var photo))
        {
            return false;
        }

        var segments = file.Key.Value.Split('/');
        if (segments.Length == 4)
        {
            return true;
        }

        // A later version than the row's is being made just now, or will be made again over these.
        var isCurrent = !int.TryParse(segments[3].AsSpan(1), out var made) || made >= photo.Version;
        var isWatermarked = segments[4].StartsWith(PhotoFiles.WatermarkFolder, StringComparison.Ordinal);
        return isCurrent && (!isWatermarked || (segments[4] == photo.MarkFolder && file.WrittenAt >= now - WatermarkedAge));
    }

    private static Id<Photo> PhotoOf(ObjectKey key)
    {
        _ = Id<Photo>.TryRead($"{Photo.Prefix}_{key.Value.Split('/')[2]}", out var id);
        return id;
    }
}
