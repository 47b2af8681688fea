using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.GalleryDownloads;

internal static class GalleryDownloadsSetup
{
    public static IServiceCollection AddGalleryDownloads(this IServiceCollection services)
    {
        services.AddScoped<DownloadTermsLookup>();
        services.AddScoped<DownloadPins>();
        services.AddScoped<IVisitorBelongings, VisitorDownloads>();
        services.AddScoped<WantedPhotos>();
        services.AddScoped<DownloadService>();
        services.AddScoped<VisitorArchives>();
        services.AddOutboxHandler<DownloadAsked, PrepareDownload>("downloads.prepare_download");
        return services;
    }

    public static void MapGalleryDownloads(this IEndpointRouteBuilder routes)
    {
        routes.MapGetDownloadRules();
        routes.MapUpdateDownloadRules();
        routes.MapGetDownloadOptions();
        routes.MapRequestDownload();
        routes.MapGetGalleryDownload();
        routes.MapGetGalleryDownloadFile();
    }
}
