using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Auth.Revocation;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Hosting;

namespace Proofsheet.Api.Auth;

/// <summary>Deletes proofs and denials that are no longer needed, every ten minutes.</summary>
internal sealed class AccessSweeper(IServiceScopeFactory scopes, TimeProvider clock, ILogger<AccessSweeper> log) : BackgroundService
{
    public async Task SweepAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();
        var now = clock.GetUtcNow();
        await db.Set<SeenProof>().Where(p => p.ExpiresAt < now).ExecuteDeleteAsync(cancellation);
        await db.Set<DeniedToken>().Where(d => d.ExpiresAt < now).ExecuteDeleteAsync(cancellation);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Periodically.RunAsync(TimeSpan.FromMinutes(10), SweepAsync, "Old proofs and denials could not be removed", clock, log, stoppingToken);
}
