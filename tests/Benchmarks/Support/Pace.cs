using System.Collections.Concurrent;
using System.Diagnostics;

namespace Proofsheet.Benchmarks.Support;

/// <summary>
/// Requests at a fixed rate, whether or not earlier ones have been answered, like real visitors. Each is timed from the moment it was due, so that a
/// server cannot hide a stall.
/// </summary>
internal sealed class Pace(int perSecond)
{
    private const int Connections = 64;
    private readonly ConcurrentBag<double> _milliseconds = [];
    private readonly ConcurrentBag<string> _faults = [];

    public IReadOnlyCollection<double> Milliseconds => _milliseconds;

    /// <summary>What went wrong: 5xx responses and missing ones.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <param name="request">The n-th request; throws on an unexpected response.</param>
    /// <param name="ended">Stops sending; requests in flight are awaited.</param>
    public async Task RunAsync(Func<int, Task> request, CancellationToken ended)
    {
        using var places = new SemaphoreSlim(Connections);
        var clock = Stopwatch.StartNew();
        var underWay = new List<Task>();
        for (var n = 0; !ended.IsCancellationRequested; n++)
        {
            var due = TimeSpan.FromSeconds(n / (double)perSecond);
            if (due > clock.Elapsed)
            {
                await Task.Delay(due - clock.Elapsed, CancellationToken.None);
            }

            await places.WaitAsync(CancellationToken.None);
            underWay.Add(SendAsync(n, due));
            underWay.RemoveAll(t => t.IsCompleted);
        }

        await Task.WhenAll(underWay);

        async Task SendAsync(int n, TimeSpan due)
        {
            try
            {
                await request(n);
                _milliseconds.Add((clock.Elapsed - due).TotalMilliseconds);
            }
            catch (Exception e) when (e is HttpRequestException or InvalidOperationException or OperationCanceledException)
            {
                _faults.Add(e.Message);
            }
            finally
            {
                places.Release();
            }
        }
    }
}
