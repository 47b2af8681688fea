using System.Diagnostics;
using Microsoft.Extensions.Options;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Shared.Outbox;

/// <summary>
/// Claims due messages and runs their handlers, several at a time, each in a scope of the message's tenant. Delivery is at least once: a process
/// may die after a handler's last save and before the message is marked done.
/// </summary>
internal sealed class OutboxDispatcher(
    IServiceScopeFactory scopes, OutboxHandlers handlers, OutboxSignal signal, IOptions<OutboxOptions> options, TimeProvider clock, ILogger<OutboxDispatcher> log)
    : BackgroundService
{
    public static readonly ActivitySource Activities = new("Proofsheet.Outbox");
    private readonly OutboxOptions _options = options.Value;
    private readonly string _process = $"{Environment.MachineName[..Math.Min(Environment.MachineName.Length, 24)]}:{Environment.ProcessId}";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _options.Enabled
        ? Task.WhenAll(Enumerable.Range(0, _options.Workers).Select(n => WorkAsync(n, stoppingToken)).Append(SweepAsync(stoppingToken)))
        : Task.CompletedTask;

    private async Task WorkAsync(int number, CancellationToken stopping)
    {
        // Each run has a new owner name, so that a worker never takes the lease of a previous run for its own.
        var owner = $"{_process}:{number}:{Random.Shared.Next():x}";
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!await TakeOneAsync(owner, stopping))
                {
                    await signal.WaitAsync(TimeSpan.FromMilliseconds(_options.PollMilliseconds), stopping);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogError(e, "The outbox could not be read; trying again.");
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>False when no message was due.</summary>
    private async Task<bool> TakeOneAsync(string owner, CancellationToken stopping)
    {
        OutboxMessage? message;
        await using (var scope = scopes.CreateAsyncScope())
        {
            message = await Store(scope).ClaimAsync(owner, clock.GetUtcNow(), Lease, stopping);
        }

        if (message is null)
        {
            return false;
        }

        var listening = handlers.Of(message.Event).Where(h => message.Handler is null || h.Name == message.Handler).ToList();
        if (message.Handler is null && listening.Count > 1)
        {
            await using var scope = scopes.CreateAsyncScope();
            await Store(scope).ShareOutAsync(message, owner, listening.Select(h => h.Name), clock.GetUtcNow(), stopping);
            signal.Ping();
            return true;
        }

        if (listening.Count == 0 && message.Handler is not null)
        {
            await FailAsync(message, owner, new InvalidOperationException($"No handler is called {message.Handler}."), stopping);
            return true;
        }

        await RunAsync(message, owner, listening.SingleOrDefault(), stopping);
        return true;
    }

    private async Task RunAsync(OutboxMessage message, string owner, OutboxHandler? handler, CancellationToken stopping)
    {
        using var activity = Activities.StartActivity($"outbox {message.Event}", ActivityKind.Consumer);
        activity?.SetTag("outbox.message", message.Id.ToString()).SetTag("outbox.attempt", message.Attempts);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var renewing = new CancellationTokenSource();
        var renewal = RenewAsync(message, owner, lost, renewing.Token);
        try
        {
            if (handler is not null)
            {
                await using var scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<TenantContext>().Set(message.Tenant);
                await handler.RunAsync(scope.ServiceProvider, message.Payload, new OutboxAttempt(message.Attempts, message.Attempts >= _options.MaxAttempts), lost.Token);
            }

            await using var end = scopes.CreateAsyncScope();
            await Store(end).DoneAsync(message, owner, clock.GetUtcNow(), CancellationToken.None);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // The process is stopping, or the lease was lost: the next holder of the message does the work.
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            await FailAsync(message, owner, e, CancellationToken.None);
        }
        finally
        {
            await renewing.CancelAsync();
            await renewal;
        }
    }

    private async Task FailAsync(OutboxMessage message, string owner, Exception e, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var dead = message.Attempts >= _options.MaxAttempts;
        // Exponential backoff with jitter, at most one hour.
        var backoff = Math.Min(3_600_000, _options.BackoffMilliseconds * Math.Pow(2, message.Attempts - 1)) * (0.5 + (Random.Shared.NextDouble() / 2));
        log.Log(dead ? LogLevel.Error : LogLevel.Warning, e, "{Event} {Message} failed at attempt {Attempt}", message.Event, message.Id, message.Attempts);
        await using var scope = scopes.CreateAsyncScope();
        var error = $"{e.GetType().Name}: {e.Message}";
        await Store(scope).FailedAsync(message, owner, error[..Math.Min(error.Length, 2000)], now.AddMilliseconds(backoff), dead ? now : null, cancellation);
    }

    private async Task RenewAsync(OutboxMessage message, string owner, CancellationTokenSource lost, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(Lease / 3, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                await using var scope = scopes.CreateAsyncScope();
                if (await Store(scope).RenewAsync(message, owner, clock.GetUtcNow() + Lease, ended) == 0)
                {
                    await lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            log.LogWarning(e, "The lease of {Message} could not be renewed", message.Id);
        }
    }

    private async Task SweepAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(10), clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await Store(scope).SweepAsync(clock.GetUtcNow().AddHours(-_options.KeepDoneHours), stopping);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Done messages could not be removed; the next round tries again.");
            }
        }
    }

    private TimeSpan Lease => TimeSpan.FromSeconds(_options.LeaseSeconds);

    private static OutboxStore Store(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<OutboxStore>();
}
