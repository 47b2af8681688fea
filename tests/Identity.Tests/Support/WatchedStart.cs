using Microsoft.Extensions.Hosting;

namespace Proofsheet.Identity.Tests.Support;

/// <summary>
/// Lets a program start only when its factory watches it. The factory asks the built program's services to be told of its start,
/// while the program already goes on: one that failed at once had disposed of them, and the test saw that instead of the failure.
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
            // Up to its first await it asks to be told.
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
