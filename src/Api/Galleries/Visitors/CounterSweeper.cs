using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Codes;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>Deletes counters whose window and strikes have expired, codes and sessions that ended a day ago, once an hour.</summary>
internal sealed class CounterSweeper(IServiceScopeFactory scopes, TimeProvider clock, ILogger<CounterSweeper> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var over = clock.GetUtcNow() - AttemptCounters.StrikesLast;
                var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();
                await db.Set<AttemptCounter>().Where(c => c.EndsAt < over).ExecuteDeleteAsync(stoppingToken);
                await db.AcrossTenants<EmailCode>().Where(c => c.ExpiresAt < over).ExecuteDeleteAsync(stoppingToken);
                await db.AcrossTenants<VisitorSession>().Where(s => s.EndsAt < over).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Old counters could not be removed; the next hour tries again.");
            }
        }
    }
}
