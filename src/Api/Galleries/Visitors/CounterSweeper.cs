using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>Deletes counters whose window and strikes have expired, once an hour.</summary>
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
                await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().Set<AttemptCounter>().Where(c => c.EndsAt < over).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Old counters could not be removed; the next hour tries again.");
            }
        }
    }
}
