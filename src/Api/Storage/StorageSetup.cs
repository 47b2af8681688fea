using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Http;
using Proofsheet.Api.Storage.Azure;
using Proofsheet.Api.Storage.Disk;
using Proofsheet.Api.Storage.Remote;
using Proofsheet.Api.Storage.S3;

namespace Proofsheet.Api.Storage;

internal static class StorageSetup
{
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StorageOptions>().Bind(configuration.GetSection("Storage")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidation>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DiskStore>();
        services.AddSingleton<S3Store>();
        services.AddSingleton<AzureBlobStore>();
        services.AddSingleton<IObjectStore>(provider => provider.GetRequiredService<IOptions<StorageOptions>>().Value.Provider switch
        {
            "S3" => provider.GetRequiredService<S3Store>(),
            "Azure" => provider.GetRequiredService<AzureBlobStore>(),
            _ => provider.GetRequiredService<DiskStore>(),
        });
        services.AddSingleton<IProblemTranslator, StorageProblems>();
        services.AddHostedService<StorageStart>();
        return services;
    }

    private sealed class StorageOptionsValidation : IValidateOptions<StorageOptions>
    {
        public ValidateOptionsResult Validate(string? name, StorageOptions options)
        {
            var errors = options.Errors().ToList();
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }

    // A folder that cannot be created or a bucket that is refused fails the start, not the first upload.
    private sealed class StorageStart(IObjectStore store) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            (store as DiskStore)?.Prepare();
            return store is RemoteStore remote ? remote.PrepareAsync(cancellationToken) : Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
