using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.GalleryDownloads;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Hosting;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Exports;

/// <summary>Deletes expired downloads of visitors and expired exports every six hours. Their lists are then swept as unneeded objects.</summary>
internal sealed class ArchiveSweeper(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ArchiveSweeper> log) : BackgroundService
{
    // A download that is still running at the time of expiry may finish.
    public static readonly TimeSpan KeptAfterEnd = TimeSpan.FromDays(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Periodically.RunAsync(TimeSpan.FromHours(6), SweepAsync, "Archives that ended could not be removed", clock, log, stoppingToken);

    /// <summary>Sweeps every studio once.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var studio in await scopes.AllStudiosAsync(cancellation))
        {
            await using var scope = scopes.CreateStudioScope(studio);
            var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();
            var before = clock.GetUtcNow() - KeptAfterEnd;
            await db.Set<GalleryDownload>().Where(d => d.ExpiresAt < before).ExecuteDeleteAsync(cancellation);
            db.RemoveRange(await db.Set<GalleryExport>().Where(e => e.ExpiresAt < before).ToListAsync(cancellation));
            await db.SaveChangesAsync(cancellation);
        }
    }
}
