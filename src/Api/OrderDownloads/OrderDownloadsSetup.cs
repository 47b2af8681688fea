using Proofsheet.Api.Orders;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.OrderDownloads;

internal static class OrderDownloadsSetup
{
    public static IServiceCollection AddOrderDownloads(this IServiceCollection services)
    {
        services.AddOutboxHandler<OrderPaid, GrantDownloads>("downloads.grant_order_downloads");
        services.AddScoped<OpenDownloads>();
        services.AddScoped<IObjectReferenceSource, DownloadObjects>();
        services.AddSingleton<DownloadLinks>();
        return services;
    }

    public static void MapOrderDownloads(this IEndpointRouteBuilder routes)
    {
        routes.MapListOrderDownloads();
        routes.MapGetDownloadFile();
        routes.MapGetDownloadZip();
    }
}
