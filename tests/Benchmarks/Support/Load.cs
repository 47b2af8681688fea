using System.Collections.Concurrent;
using System.Diagnostics;

namespace Proofsheet.Benchmarks.Support;

/// <summary>Several connections, each sending its next request when the last is answered, for a bounded time.</summary>
internal static class Load
{
    public sealed record Outcome(double PerSecond, List<double> Milliseconds);

    /// <param name="request">Of a connection, by its number; throws when the answer is not a good one.</param>
    public static async Task<Outcome> RunAsync(Uri server, int connections, TimeSpan time, Func<HttpClient, int, Task> request)
    {
        var times = new ConcurrentBag<double>();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async number =>
        {
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server };
            await request(http, number);
            while (clock.Elapsed < time)
            {
                var start = Stopwatch.GetTimestamp();
                await request(http, number);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }));
        return new Outcome(times.Count / clock.Elapsed.TotalSeconds, [.. times]);
    }
}
