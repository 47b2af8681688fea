using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Codes;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Hosting;
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

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Periodically.RunAsync(TimeSpan.FromHours(1), SweepAsync, "Old codes and sessions could not be removed", clock, log, stoppingToken);

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
