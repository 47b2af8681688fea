using Microsoft.Extensions.Options;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Photos;

/// <summary>This process's temporary files: pictures while they are made, lists of exports. What killed processes left is deleted at the start.</summary>
internal sealed class WorkFolder(IOptions<PhotoOptions> options) : IHostedService, IDisposable
{
    private readonly ProcessFolder _own = new(options.Value.WorkFolder);

    public string Path => _own.Path;

    public static int DeleteOfDead(PhotoOptions options) => ProcessFolder.DeleteOfDead(options.WorkFolder);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        DeleteOfDead(options.Value);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _own.Dispose();
}
