using Microsoft.Extensions.Options;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Hosting;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Storage.Maintenance;

/// <summary>
/// Deletes objects that no row needs: originals whose row was never saved because of a crash, leftovers of a purge, older
/// renditions, parts of uploads, copies of downloads that were never granted, lists of expired archives, and watermarked pictures that show
/// an outdated mark or are old and are rendered again on request. Originals are kept longer, see <see cref="KeptOriginals"/>. Each module says what it needs; uploads and deletions continue meanwhile.
/// </summary>
internal sealed class OrphanSweeper(IServiceScopeFactory scopes, IObjectStore store, IOptions<PhotoOptions> options, TimeProvider clock, ILogger<OrphanSweeper> log)
    : BackgroundService
{
    /// <summary>Longer than any upload takes from storing its file to saving its row.</summary>
    public static readonly TimeSpan OrphanAge = TimeSpan.FromDays(1);

    private const int Some = 500;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Periodically.RunAsync(TimeSpan.FromHours(options.Value.SweepHours), SweepAsync, "Objects that no row needs could not be collected", clock, log, stoppingToken);

    /// <summary>Sweeps every studio once. Returns the number of deleted objects.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        WorkFolder.DeleteOfDead(options.Value);
        var swept = 0;
        foreach (var studio in await scopes.AllStudiosAsync(cancellation))
        {
            swept += await SweepAsync(studio, cancellation);
        }

        return swept;
    }

    /// <summary>Sweeps one studio. Returns the number of deleted objects.</summary>
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
        foreach (var prefix in await scopes.PrefixesAsync(studio))
        {
            var old = store.ListAsync(prefix, cancellation).Where(item => item.WrittenAt < clock.GetUtcNow() - OrphanAge);
            await foreach (var some in old.Chunk(Some).WithCancellation(cancellation))
            {
                orphans.AddRange(await WithoutNeedAsync(studio, some, cancellation));
            }
        }

        return orphans;
    }

    /// <summary>Much may have changed since the objects were listed, so rows are checked again, and an object that was rewritten is kept.</summary>
    private async Task<int> DeleteAsync(Id<Tenant> studio, ObjectStat[] orphans, CancellationToken cancellation)
    {
        var deleted = 0;
        foreach (var orphan in await WithoutNeedAsync(studio, orphans, cancellation))
        {
            if (await store.StatAsync(orphan.Key, cancellation) is { } now && now.WrittenAt == orphan.WrittenAt)
            {
                await store.DeleteAsync(orphan.Key, cancellation);
                deleted++;
            }
        }

        return deleted;
    }

    private async Task<IEnumerable<ObjectStat>> WithoutNeedAsync(Id<Tenant> studio, ObjectStat[] objects, CancellationToken cancellation)
    {
        var needed = await scopes.NeededAsync(studio, objects, cancellation);
        var orphans = objects.Where(o => !needed.Contains(o.Key)).ToList();
        await using var scope = scopes.CreateStudioScope(studio);
        var kept = await scope.ServiceProvider.GetRequiredService<KeptOriginals>().OfAsync(studio, orphans, cancellation);
        return orphans.Where(o => !kept.Contains(o.Key));
    }
}
