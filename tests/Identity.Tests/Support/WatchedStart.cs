using Microsoft.Extensions.Hosting;

namespace Proofsheet.Identity.Tests.Support;

/// <summary>
/// Delays the program's start until its factory watches for it. The factory asks the built program's services to be notified of the start while the
/// program already runs: one that failed at once had disposed them, and the test saw that instead of the failure.
/// </summary>
internal sealed class WatchedStart : IHostLifetime
{
    private readonly TaskCompletionSource _isWatched = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IHost Start(IHostBuilder builder)
    {
        var host = builder.Build();
        Task start;
        try
        {
            // It subscribes before its first await.
            start = host.StartAsync();
        }
        finally
        {
            _isWatched.SetResult();
        }

        start.GetAwaiter().GetResult();
        return host;
    }

    public Task WaitForStartAsync(CancellationToken cancellationToken) => _isWatched.Task.WaitAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
