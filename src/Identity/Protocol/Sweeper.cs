using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Shared.Hosting;

namespace Proofsheet.Identity.Protocol;

/// <summary>Every ten minutes: creates the next signing key when it is due, even without traffic, and removes expired rows.</summary>
internal sealed class Sweeper(IServiceScopeFactory scopes, SigningKeys keys, TimeProvider clock, ILogger<Sweeper> log) : BackgroundService
{
    public async Task SweepAsync(CancellationToken cancellation)
    {
        await keys.PublishedAsync(cancellation);
        await using var scope = scopes.CreateAsyncScope();
        var removed = 0;
        foreach (var room in scope.ServiceProvider.GetServices<IExpiredRows>())
        {
            removed += await room.RemoveAsync(clock.GetUtcNow(), cancellation);
        }

        if (removed > 0)
        {
            log.LogInformation("{Rows} rows had run out and were removed", removed);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Periodically.RunAsync(TimeSpan.FromMinutes(10), SweepAsync, "What has run out could not be removed", clock, log, stoppingToken);
}
