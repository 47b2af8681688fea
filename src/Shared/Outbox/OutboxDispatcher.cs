using System.Diagnostics;
using Microsoft.Extensions.Options;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Shared.Outbox;

/// <summary>
/// Claims due messages and runs their handlers, several at a time, each in a scope of the message's tenant. Delivery is at least once: a process
/// may die after a handler's last save and before the message is marked done.
/// </summary>
internal sealed class OutboxDispatcher(
    IServiceScopeFactory scopes, OutboxHandlers handlers, OutboxSignal signal, OutboxTurns turns, IOptions<OutboxOptions> options, TimeProvider clock,
    ILogger<OutboxDispatcher> log)
    : BackgroundService
{
    public static readonly ActivitySource Activities = new("Proofsheet.Outbox");
    private readonly OutboxOptions _options = options.Value;
    private readonly string _process = $"{Environment.MachineName[..Math.Min(Environment.MachineName.Length, 24)]}:{Environment.ProcessId}";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _options.Enabled
        ? Task.WhenAll(Workers().Select((work, number) => WorkAsync(number, work, stoppingToken)).Append(SweepAsync(stoppingToken)))
        : Task.CompletedTask;

    // Neither kind of event can hold up the other forever: one worker prefers bulk events, and others never take any.
    private IEnumerable<OutboxWork> Workers() => Enumerable.Repeat(OutboxWork.InteractiveFirst, _options.Workers - 1)
        .Append(OutboxWork.BulkFirst)
        .Concat(Enumerable.Repeat(OutboxWork.InteractiveOnly, _options.InteractiveWorkers));

    private async Task WorkAsync(int number, OutboxWork work, CancellationToken stopping)
    {
        // Each run has a new owner name, so that a worker never takes the lease of a previous run for its own.
        var owner = $"{_process}:{number}:{Random.Shared.Next():x}";
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!await TakeOneAsync(owner, work, stopping))
                {
                    await signal.WaitAsync(work, TimeSpan.FromMilliseconds(_options.PollMilliseconds), stopping);
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
    private async Task<bool> TakeOneAsync(string owner, OutboxWork work, CancellationToken stopping)
    {
        OutboxMessage? message;
        await using (var scope = scopes.CreateAsyncScope())
        {
            // Not canceled halfway, which would leave the message claimed and its attempt counted.
            message = await Store(scope).ClaimAsync(owner, clock.GetUtcNow(), Lease, CancellationToken.None, work);
        }

        if (message is null)
        {
            return false;
        }

        try
        {
            await WorkOnAsync(message, owner, stopping);
        }
        catch (Exception e) when (stopping.IsCancellationRequested)
        {
            log.LogInformation(e, "{Event} {Message} is given back, because the process is stopping", message.Event, message.Id);
            await using var scope = scopes.CreateAsyncScope();
            await Store(scope).GiveBackAsync(message, owner, CancellationToken.None);
        }
        finally
        {
            turns.End(message.Tenant, message.IsBulk);
        }

        return true;
    }

    private async Task WorkOnAsync(OutboxMessage message, string owner, CancellationToken stopping)
    {
        var listening = handlers.Of(message.Event).Where(h => message.Handler is null || h.Name == message.Handler).ToList();
        if (listening.Count > 1)
        {
            await using var scope = scopes.CreateAsyncScope();
            await Store(scope).ShareOutAsync(message, owner, listening.Select(h => h.Name), clock.GetUtcNow(), stopping);
            signal.Ping(message.IsBulk);
            return;
        }

        var handler = listening.SingleOrDefault();
        if (message.Attempts > _options.MaxAttempts)
        {
            // Only the end of a process leaves a message whose last attempt neither succeeded nor failed, and it may have been the handler that ended it.
            await DeadLetterAsync(message, owner, handler, null);
            return;
        }

        await RunAsync(message, owner, handler, stopping);
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
                await using var scope = ScopeOf(message);
                await handler.RunAsync(scope.ServiceProvider, message.Payload, new OutboxAttempt(message.Attempts), lost.Token);
            }

            await using var end = scopes.CreateAsyncScope();
            await Store(end).DoneAsync(message, owner, clock.GetUtcNow(), CancellationToken.None);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            // The lease was lost: the next holder of the message does the work.
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            await FailAsync(message, owner, handler, e);
        }
        finally
        {
            await renewing.CancelAsync();
            await renewal;
        }
    }

    private async Task FailAsync(OutboxMessage message, string owner, OutboxHandler? handler, Exception e)
    {
        if (message.Attempts >= _options.MaxAttempts)
        {
            await DeadLetterAsync(message, owner, handler, e);
            return;
        }

        // Exponential backoff with jitter, at most one hour.
        var backoff = Math.Min(3_600_000, _options.BackoffMilliseconds * Math.Pow(2, message.Attempts - 1)) * (0.5 + (Random.Shared.NextDouble() / 2));
        log.LogWarning(e, "{Event} {Message} failed at attempt {Attempt}", message.Event, message.Id, message.Attempts);
        await using var scope = scopes.CreateAsyncScope();
        await Store(scope).FailedAsync(message, owner, TextOf(e), clock.GetUtcNow().AddMilliseconds(backoff), null, CancellationToken.None);
    }

    /// <summary>Makes the message a dead letter.</summary>
    private async Task DeadLetterAsync(OutboxMessage message, string owner, OutboxHandler? handler, Exception? e)
    {
        log.LogError(e, "{Event} {Message} is a dead letter after {Attempts} attempts", message.Event, message.Id, _options.MaxAttempts);
        try
        {
            if (handler is not null)
            {
                await using var scope = ScopeOf(message);
                await handler.GiveUpAsync(scope.ServiceProvider, message.Payload, e);
            }
        }
        catch (Exception recording)
        {
            log.LogError(recording, "That {Event} {Message} was given up could not be recorded", message.Event, message.Id);
        }

        var now = clock.GetUtcNow();
        await using var end = scopes.CreateAsyncScope();
        await Store(end).FailedAsync(message, owner, e is null ? "The process ended during the last attempt." : TextOf(e), now, now, CancellationToken.None);
    }

    private AsyncServiceScope ScopeOf(OutboxMessage message)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(message.Tenant);
        return scope;
    }

    private static string TextOf(Exception e)
    {
        var text = $"{e.GetType().Name}: {e.Message}";
        return text[..Math.Min(text.Length, 2000)];
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
                if (await Store(scope).UnknownEventsAsync(clock.GetUtcNow().AddHours(-1), stopping) is { Count: > 0 } unknown)
                {
                    log.LogWarning("Messages of {Events} have been due for an hour, and this version does not know these events. Run a process of the version that wrote them.", unknown);
                }
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
