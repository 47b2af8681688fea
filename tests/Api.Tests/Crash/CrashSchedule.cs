using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace Proofsheet.Api.Tests.Crash;

/// <summary>What a client is about to do when a process is killed.</summary>
internal enum Moment
{
    Upload,
    Processing,
    Picking,
    Cart,
    Checkout,
    Payment,
}

internal sealed record Kill(int Number, Moment Moment, int AfterMilliseconds, int Process, int DeadMilliseconds);

/// <summary>
/// A seeded plan of kills: a moment, a number of milliseconds after it, and a process. The same seed gives the same plan; what the processes are
/// doing in that millisecond still varies.
/// </summary>
internal sealed class CrashSchedule(CrashSite site, int seed, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly ConcurrentDictionary<Moment, TaskCompletionSource> _waiting = new();
    private volatile bool _isOver;

    public const string SeedVariable = "PROOFSHEET_CRASH_SEED";

    public static int Seed() => int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), out var given) ? given : Random.Shared.Next(1, 1_000_000);

    public void Announce(Moment moment)
    {
        if (_waiting.TryRemove(moment, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    public async Task RunAsync(int kills, IReadOnlyList<Moment> moments)
    {
        foreach (var kill in Plan(kills, moments))
        {
            var began = _waiting.GetOrAdd(kill.Moment, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            // If no client reaches this moment, because all are waiting for something else, the kill happens anyway.
            var came = await Task.WhenAny(began.Task, Task.Delay(TimeSpan.FromSeconds(12))) == began.Task;
            await Task.Delay(kill.AfterMilliseconds);
            await site.Processes[kill.Process].KillAsync();
            output.WriteLine($"kill {kill.Number}: {kill.AfterMilliseconds} ms after {(came ? "the beginning of" : "waiting in vain for")} {kill.Moment}, process {kill.Process}");
            await Task.Delay(kill.DeadMilliseconds);
            await site.Processes[kill.Process].StartAsync();
        }

        _isOver = true;
    }

    /// <summary>Work may be delayed while processes are killed; afterwards it has to finish soon.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var clock = new Stopwatch();
        while (!await holds())
        {
            if (_isOver)
            {
                clock.Start();
            }

            if (clock.Elapsed > Patience)
            {
                throw new Xunit.Sdk.XunitException($"It did not happen within {Patience.TotalSeconds} s after the last kill: {what}");
            }

            await Task.Delay(150);
        }
    }

    /// <summary>Each moment equally often, in a seeded order.</summary>
    private IEnumerable<Kill> Plan(int kills, IReadOnlyList<Moment> moments)
    {
        var random = new Random(seed);
        var order = Enumerable.Range(0, kills).Select(n => moments[n % moments.Count]).ToArray();
        random.Shuffle(order);
        return [.. order.Select((moment, n) => new Kill(n + 1, moment, random.Next(0, moment == Moment.Processing ? 900 : 120), random.Next(site.Processes.Count), random.Next(0, 300)))];
    }
}
