using System.Collections.Concurrent;
using System.Diagnostics;

namespace Proofsheet.Benchmarks.Support;

/// <summary>
/// Requests at a fixed pace, whether or not the last ones were answered, as visitors come. Each is timed from the moment it was
/// due, so that a server that stalls cannot hide it.
/// </summary>
internal sealed class Pace(int perSecond)
{
    private const int Connections = 64;
    private readonly ConcurrentBag<double> _milliseconds = [];
    private readonly ConcurrentBag<string> _faults = [];

    public IReadOnlyCollection<double> Milliseconds => _milliseconds;

    /// <summary>What went wrong: answers of 5xx, and those that did not come.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <param name="request">The n-th request; throws when its answer is not a good one.</param>
    /// <param name="ended">Ends the sending; what is under way is waited for.</param>
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
