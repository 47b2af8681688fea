using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Hosting;

namespace Proofsheet.Api.Data.Idempotency;

/// <summary>Deletes responses older than a day, once an hour.</summary>
internal sealed class IdempotencySweeper(IServiceScopeFactory scopes, TimeProvider clock, ILogger<IdempotencySweeper> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Periodically.RunAsync(TimeSpan.FromHours(1), SweepAsync, "Old idempotency records could not be removed", clock, log, stoppingToken);

    private async Task SweepAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();
        var limit = clock.GetUtcNow() - IdempotencyMiddleware.Lifetime;
        await db.Set<IdempotencyRecord>().Where(r => r.CreatedAt < limit).ExecuteDeleteAsync(cancellation);
    }
}
