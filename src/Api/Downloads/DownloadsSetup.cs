using Proofsheet.Api.Orders;
using Proofsheet.Api.Outbox;

namespace Proofsheet.Api.Downloads;

internal static class DownloadsSetup
{
    public static IServiceCollection AddDownloads(this IServiceCollection services)
    {
        services.AddOutboxHandler<OrderPaid, GrantDownloads>();
        services.AddScoped<OpenDownloads>();
        services.AddSingleton<DownloadLinks>();
        return services;
    }

    public static void MapDownloads(this IEndpointRouteBuilder routes)
    {
        routes.MapListDownloads();
        routes.MapDownloadFile();
        routes.MapDownloadZip();
    }
}
