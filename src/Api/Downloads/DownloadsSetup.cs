using Proofsheet.Api.Downloads.Archives;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Outbox;

namespace Proofsheet.Api.Downloads;

internal static class DownloadsSetup
{
    public static IServiceCollection AddDownloads(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DownloadOptions>().Bind(configuration.GetSection("Downloads")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOutboxHandler<OrderPaid, GrantDownloads>();
        services.AddScoped<OpenDownloads>();
        services.AddSingleton<DownloadLinks>();
        services.AddSingleton<ArchiveShelf>();
        services.AddSingleton<ArchiveFiles>();
        services.AddSingleton<StoredFiles>();
        return services;
    }

    public static void MapDownloads(this IEndpointRouteBuilder routes)
    {
        routes.MapListDownloads();
        routes.MapDownloadFile();
        routes.MapDownloadZip();
    }
}
