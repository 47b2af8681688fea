using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Studios;

namespace Proofsheet.Api.Photos.Uploading;

/// <summary>
/// Collects objects that no row needs: originals whose row was never saved (a kill in between), what a purge left, older
/// renditions, parts of uploads, copies of downloads that were never granted, and watermarked pictures that show another mark than
/// the gallery has by now, or were made long ago and are made again when asked for. Each room says what it needs; uploads and deletions go on meanwhile.
/// </summary>
internal sealed class OrphanSweeper(IServiceScopeFactory scopes, IObjectStore store, IOptions<PhotoOptions> options, TimeProvider clock, ILogger<OrphanSweeper> log)
    : BackgroundService
{
    /// <summary>Longer than any upload takes between its file and its row.</summary>
    public static readonly TimeSpan OrphanAge = TimeSpan.FromDays(1);

    private const int Some = 500;

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
                log.LogWarning(e, "Objects that no row needs could not be collected; the next round tries again.");
            }
        }
    }

    /// <summary>Every studio once. Answers how many objects went.</summary>
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

    /// <summary>One studio. Answers how many objects went.</summary>
    public async Task<int> SweepAsync(Id<Tenant> studio, CancellationToken cancellation)
    {
        var swept = 0;
        foreach (var some in (await OrphansAsync(studio, cancellation)).Chunk(Some))
        {
            swept += await DeleteAsync(studio, some, cancellation);
        }

        if (swept > 0)
        {
            log.LogInformation("{Objects} objects of {Studio} that no row needs were deleted", swept, studio);
        }

        return swept;
    }

    /// <summary>A studio's objects that are old enough and that no row needs.</summary>
    public async Task<IReadOnlyList<ObjectStat>> OrphansAsync(Id<Tenant> studio, CancellationToken cancellation)
    {
        var orphans = new List<ObjectStat>();
        for (var room = 0; room < await CountRoomsAsync(); room++)
        {
            var old = new List<ObjectStat>();
            await foreach (var item in store.ListAsync(await InRoomAsync(studio, room, names => Task.FromResult(names.PrefixOf(studio))), cancellation))
            {
                if (item.WrittenAt < clock.GetUtcNow() - OrphanAge)
                {
                    old.Add(item);
                }

                if (old.Count == Some)
                {
                    orphans.AddRange(await WithoutNeedAsync(studio, room, old, cancellation));
                    old.Clear();
                }
            }

            orphans.AddRange(await WithoutNeedAsync(studio, room, old, cancellation));
        }

        return orphans;
    }

    /// <summary>Much may have happened since they were listed: rows are asked again, and an object that was written again stays.</summary>
    private async Task<int> DeleteAsync(Id<Tenant> studio, IReadOnlyCollection<ObjectStat> orphans, CancellationToken cancellation)
    {
        var deleted = 0;
        for (var room = 0; room < await CountRoomsAsync(); room++)
        {
            var prefix = await InRoomAsync(studio, room, names => Task.FromResult(names.PrefixOf(studio)));
            foreach (var orphan in await WithoutNeedAsync(studio, room, [.. orphans.Where(o => prefix.Covers(o.Key))], cancellation))
            {
                if (await store.StatAsync(orphan.Key, cancellation) is { } now && now.WrittenAt == orphan.WrittenAt)
                {
                    await store.DeleteAsync(orphan.Key, cancellation);
                    deleted++;
                }
            }
        }

        return deleted;
    }

    private async Task<IEnumerable<ObjectStat>> WithoutNeedAsync(Id<Tenant> studio, int room, List<ObjectStat> objects, CancellationToken cancellation)
    {
        if (objects.Count == 0)
        {
            return [];
        }

        var needed = await InRoomAsync(studio, room, names => names.NeededAsync(studio, objects, cancellation));
        return [.. objects.Where(o => !needed.Contains(o.Key))];
    }

    /// <summary>A scope of its own each time: nothing that was read before is remembered.</summary>
    private async Task<T> InRoomAsync<T>(Id<Tenant> studio, int room, Func<INamesObjects, Task<T>> ask)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(studio);
        return await ask(scope.ServiceProvider.GetServices<INamesObjects>().ElementAt(room));
    }

    private async Task<int> CountRoomsAsync()
    {
        await using var scope = scopes.CreateAsyncScope();
        return scope.ServiceProvider.GetServices<INamesObjects>().Count();
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
}
