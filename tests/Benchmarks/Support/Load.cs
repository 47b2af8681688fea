using System.Collections.Concurrent;
using System.Diagnostics;

namespace Proofsheet.Benchmarks.Support;

/// <summary>Several connections, each sending its next request when the previous one has been answered, for a limited time.</summary>
internal static class Load
{
    public sealed record Outcome(double PerSecond, List<double> Milliseconds);

    /// <param name="request">The request of a connection, by its number; throws on an unexpected response.</param>
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
