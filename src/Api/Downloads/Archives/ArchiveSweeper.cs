using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Downloads.Exports;
using Proofsheet.Api.Downloads.Visiting;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Studios;

namespace Proofsheet.Api.Downloads.Archives;

/// <summary>Removes visitors' downloads and exports that ended, and lists that no row speaks of (a kill in between), every six hours.</summary>
internal sealed class ArchiveSweeper(IServiceScopeFactory scopes, IObjectStore store, TimeProvider clock, ILogger<ArchiveSweeper> log) : BackgroundService
{
    // Who still fetches in the minute of the end may finish; and a list is there a moment before its row.
    public static readonly TimeSpan KeptAfterEnd = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(6), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Archives that ended could not be removed; the next round tries again.");
            }
        }
    }

    /// <summary>Every studio once.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        List<Id<Tenant>> studios;
        await using (var scope = scopes.CreateAsyncScope())
        {
            studios = await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().AcrossTenants<Studio>().Select(s => s.TenantId).ToListAsync(cancellation);
        }

        foreach (var studio in studios)
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<TenantContext>().Set(studio);
            await SweepAsync(scope.ServiceProvider.GetRequiredService<ProofsheetDb>(), studio, cancellation);
        }
    }

    private async Task SweepAsync(ProofsheetDb db, Id<Tenant> studio, CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - KeptAfterEnd;
        await db.Set<GalleryDownload>().Where(d => d.ExpiresAt < before).ExecuteDeleteAsync(cancellation);
        await db.Set<GalleryExport>().Where(e => e.ExpiresAt < before).ExecuteDeleteAsync(cancellation);
        var old = new List<ObjectStat>();
        await foreach (var file in store.ListAsync(ArchiveLists.AllOf(studio), cancellation))
        {
            if (file.WrittenAt < before)
            {
                old.Add(file);
            }
        }

        if (old.Count == 0)
        {
            return;
        }

        var kept = (await db.Set<GalleryDownload>().Select(d => d.Id).ToListAsync(cancellation)).Select(i => i.ToStored())
            .Concat((await db.Set<GalleryExport>().Select(e => e.Id).ToListAsync(cancellation)).Select(i => i.ToStored())).ToHashSet(StringComparer.Ordinal);
        foreach (var file in old.Where(f => !kept.Contains(f.Key.Value.Split('/')[2])))
        {
            await store.DeleteAsync(file.Key, cancellation);
        }
    }
}
