using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Uploads.Batches;
using Proofsheet.Shared.Hosting;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>Finishes uploads whose last request died after the last byte, and deletes those that have expired.</summary>
internal sealed class UploadSweeper(IServiceScopeFactory scopes, TimeProvider clock, ILogger<UploadSweeper> log) : BackgroundService
{
    private const int AtOnce = 200;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Periodically.RunAsync(TimeSpan.FromMinutes(1), SweepAsync, "Uploads could not be swept", clock, log, stoppingToken);

    public async Task SweepAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var (tenant, upload) in await FindAsync(all => all.Where(Upload.Waiting).Where(u => u.LockUntil == null || u.LockUntil < now), cancellation))
        {
            await InScopeAsync(tenant, services => FinishAsync(services, upload));
        }

        // Uploads of a batch that have ended are kept as long as the batch, which reports their outcomes.
        foreach (var (tenant, upload) in await FindAsync(
            all => all.Where(u => u.ExpiresAt <= now && (u.LockUntil == null || u.LockUntil < now) && (u.BatchId == null || u.Status == UploadStatus.Open)), cancellation))
        {
            await InScopeAsync(tenant, services => ForgetAsync(services, upload));
        }

        await ForgetBatchesAsync(now, cancellation);
    }

    private async Task<List<(Id<Tenant>, Id<Upload>)>> FindAsync(Func<IQueryable<Upload>, IQueryable<Upload>> which, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var found = await which(scope.ServiceProvider.GetRequiredService<ProofsheetDb>().AcrossTenants<Upload>())
            .OrderBy(u => u.ExpiresAt).Select(u => new { u.TenantId, u.Id }).Take(AtOnce).ToListAsync(cancellation);
        return [.. found.Select(u => (u.TenantId, u.Id))];
    }

    private async Task ForgetBatchesAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        List<(Id<Tenant>, Id<UploadBatch>)> old;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();
            var alive = db.AcrossTenants<Upload>().Where(u => u.ExpiresAt > now);
            var found = await db.AcrossTenants<UploadBatch>().Where(b => b.ExpiresAt <= now && !alive.Any(u => u.TenantId == b.TenantId && u.BatchId == b.Id))
                .OrderBy(b => b.ExpiresAt).Select(b => new { b.TenantId, b.Id }).Take(AtOnce).ToListAsync(cancellation);
            old = [.. found.Select(b => (b.TenantId, b.Id))];
        }

        foreach (var (tenant, batch) in old)
        {
            await InScopeAsync(tenant, async services =>
            {
                var db = services.GetRequiredService<ProofsheetDb>();
                var uploads = await db.Set<Upload>().Where(u => u.BatchId == batch).Select(u => u.Id).ToListAsync(cancellation);
                foreach (var upload in uploads)
                {
                    await ForgetAsync(services, upload);
                }

                await db.Set<UploadBatch>().Where(b => b.Id == batch).ExecuteDeleteAsync(cancellation);
            });
        }
    }

    /// <summary>An upload that cannot be finished or deleted does not hold up the others.</summary>
    private async Task InScopeAsync(Id<Tenant> tenant, Func<IServiceProvider, Task> work)
    {
        try
        {
            await using var scope = scopes.CreateStudioScope(tenant);
            await work(scope.ServiceProvider);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogWarning(e, "An upload of {Studio} could not be swept; the next round tries again.", tenant);
        }
    }

    private static async Task FinishAsync(IServiceProvider services, Id<Upload> id)
    {
        var upload = await services.GetRequiredService<ProofsheetDb>().Set<Upload>().AsNoTracking().SingleOrDefaultAsync(u => u.Id == id);
        if (upload is not null)
        {
            await services.GetRequiredService<UploadFinisher>().ResumeAsync(upload);
        }
    }

    private static async Task ForgetAsync(IServiceProvider services, Id<Upload> id)
    {
        var db = services.GetRequiredService<ProofsheetDb>();
        var lease = TimeSpan.FromSeconds(services.GetRequiredService<IOptions<PhotoOptions>>().Value.UploadLeaseSeconds);
        var clock = services.GetRequiredService<TimeProvider>();
        await using var held = await UploadLock.TakeAsync(db, id, lease, clock, CancellationToken.None);
        var now = clock.GetUtcNow();
        // A client may have continued it since the query.
        if (held is not null && await held.Held.Where(u => u.ExpiresAt <= now).ExecuteDeleteAsync() > 0)
        {
            await UploadFiles.DeleteAllAsync(services.GetRequiredService<IObjectStore>(), services.GetRequiredService<TenantContext>().Current, id, CancellationToken.None);
        }
    }
}
