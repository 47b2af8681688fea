using System.Collections.Concurrent;

namespace Proofsheet.Api.Imaging.Worker;

/// <summary>A limited number of workers: started when needed, kept while in use, and replaced when they die.</summary>
internal sealed class WorkerPool : IDisposable
{
    private readonly ImagingOptions options;
    private readonly SemaphoreSlim places;
    private readonly ConcurrentStack<WorkerProcess> idle = new();
    private readonly Timer sweeper;
    private bool isClosed;

    private readonly bool lowPriority;

    /// <param name="limit">The time limit of one task, not counting the wait for a place.</param>
    /// <param name="lowPriority">Other processes run first if there are too few cores for all.</param>
    public WorkerPool(ImagingOptions options, int size, TimeSpan limit, bool lowPriority = false)
    {
        this.options = options;
        this.lowPriority = lowPriority;
        Limit = limit;
        places = new SemaphoreSlim(size);
        var pause = TimeSpan.FromSeconds(Math.Max(1, options.WorkerIdleSeconds / 4.0));
        sweeper = new Timer(_ => Sweep(), null, pause, pause);
    }

    public TimeSpan Limit { get; }

    /// <summary>The ids of idle processes; for tests and health checks.</summary>
    public IReadOnlyList<int> IdleProcessIds => [.. idle.Select(w => w.Id)];

    /// <exception cref="WorkerEndedException">The worker died, took too long, or grew too large.</exception>
    public async Task<WorkerReply> RunAsync(WorkerRequest request, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            var worker = idle.TryPop(out var warm) ? warm : await StartAsync(cancellation);
            try
            {
                var reply = await worker.RunAsync(request, Limit, cancellation);
                if (worker.IsWorn || isClosed)
                {
                    worker.Dispose();
                }
                else
                {
                    idle.Push(worker);
                }

                return reply;
            }
            catch
            {
                // Whatever went wrong, the result of its unfinished job must not be taken for that of the next one.
                worker.Dispose();
                throw;
            }
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<WorkerProcess> StartAsync(CancellationToken cancellation)
    {
        var worker = await WorkerProcess.StartAsync(options, cancellation);
        if (lowPriority)
        {
            worker.LowerPriority();
        }

        return worker;
    }

    public void Dispose()
    {
        isClosed = true;
        sweeper.Dispose();
        while (idle.TryPop(out var worker))
        {
            worker.Dispose();
        }
    }

    private void Sweep()
    {
        var oldest = Environment.TickCount64 - options.WorkerIdleSeconds * 1000L;
        var kept = new List<WorkerProcess>();
        while (idle.TryPop(out var worker))
        {
            if (worker.IdleSince < oldest || worker.IsWorn)
            {
                worker.Dispose();
            }
            else
            {
                kept.Add(worker);
            }
        }

        foreach (var worker in kept)
        {
            idle.Push(worker);
        }
    }
}
