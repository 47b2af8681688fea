using Microsoft.Extensions.Options;

namespace Proofsheet.Api.Storage.Maintenance;

/// <summary>A second store, configured by the section <c>Storage</c> of a file, because credentials do not belong on a command line.</summary>
internal sealed class TargetStore(string? file, ILoggerFactory logs) : IAsyncDisposable
{
    private ServiceProvider? _services;

    public IObjectStore Store => _services!.GetRequiredService<IObjectStore>();

    public string Place { get; private set; } = "";

    /// <summary>Null if it can be used, otherwise why it cannot.</summary>
    public async Task<string?> OpenAsync(string configured, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(file))
        {
            return "--to names a file of settings whose section Storage says where to copy.";
        }

        try
        {
            var settings = new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file), optional: false).Build();
            if (!settings.GetSection("Storage").Exists())
            {
                return $"--to: {file} has no section Storage.";
            }

            _services = new ServiceCollection().AddSingleton(logs).AddLogging().AddStorage(settings).BuildServiceProvider();
            Place = _services.GetRequiredService<IOptions<StorageOptions>>().Value.Place;
            if (Place == configured)
            {
                return $"--to: {file} names the store that is configured, {Place}.";
            }

            foreach (var start in _services.GetServices<IHostedService>())
            {
                await start.StartAsync(cancellation);
            }

            return null;
        }
        catch (OptionsValidationException e)
        {
            return $"--to: {file}: {string.Join(' ', e.Failures)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException)
        {
            // The file is missing or not JSON, the bucket is refused, or the folder cannot be created.
            return $"--to: {file}: {e.Message}";
        }
    }

    public async ValueTask DisposeAsync() => await (_services?.DisposeAsync() ?? ValueTask.CompletedTask);
}
