using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Codes;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>Deletes codes and sessions that ended a day ago, once an hour.</summary>
internal sealed class VisitorSweeper(IServiceScopeFactory scopes, TimeProvider clock, ILogger<VisitorSweeper> log) : BackgroundService
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var studio in await scopes.AllStudiosAsync(cancellation))
        {
            await SweepAsync(studio, cancellation);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Old codes and sessions could not be removed; the next hour tries again.");
            }
        }
    }

    private async Task SweepAsync(Id<Tenant> studio, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(studio);
        var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();
        var over = clock.GetUtcNow() - Kept;
        await db.Set<EmailCode>().Where(c => c.ExpiresAt < over).ExecuteDeleteAsync(cancellation);
        await db.Set<VisitorSession>().Where(s => s.EndsAt < over).ExecuteDeleteAsync(cancellation);
    }
}
