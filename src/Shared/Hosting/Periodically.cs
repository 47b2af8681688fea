namespace Proofsheet.Shared.Hosting;

/// <summary>Background work at regular intervals.</summary>
internal static class Periodically
{
    /// <summary>Runs rounds until it is stopped, the first one after an interval. A round that fails is logged, and the next one tries again.</summary>
    /// <param name="interval">The time between two rounds.</param>
    /// <param name="round">The work.</param>
    /// <param name="failure">What a failed round has not done, as the beginning of a sentence.</param>
    /// <param name="clock">The clock of the interval.</param>
    /// <param name="log">Where failures are logged.</param>
    /// <param name="stopping">Ends the rounds.</param>
    public static async Task RunAsync(TimeSpan interval, Func<CancellationToken, Task> round, string failure, TimeProvider clock, ILogger log, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await round(stopping);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "{Failure}; the next round tries again.", failure);
            }
        }
    }
}
