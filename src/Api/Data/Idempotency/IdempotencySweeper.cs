using Microsoft.EntityFrameworkCore;

namespace Proofsheet.Api.Data.Idempotency;

/// <summary>Deletes responses older than a day, once an hour.</summary>
internal sealed class IdempotencySweeper(IServiceScopeFactory scopes, TimeProvider clock, ILogger<IdempotencySweeper> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();
                var limit = clock.GetUtcNow() - IdempotencyMiddleware.Lifetime;
                await db.Set<IdempotencyRecord>().Where(r => r.CreatedAt < limit).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Old idempotency records could not be removed; the next hour tries again.");
            }
        }
    }
}
