using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Hosting;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>Deletes counters whose window and strikes have expired, once an hour.</summary>
internal sealed class CounterSweeper(IServiceScopeFactory scopes, TimeProvider clock, ILogger<CounterSweeper> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Periodically.RunAsync(TimeSpan.FromHours(1), SweepAsync, "Old counters could not be removed", clock, log, stoppingToken);

    private async Task SweepAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var over = clock.GetUtcNow() - AttemptCounters.StrikesLast;
        await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().Set<AttemptCounter>().Where(c => c.EndsAt < over).ExecuteDeleteAsync(cancellation);
    }
}
