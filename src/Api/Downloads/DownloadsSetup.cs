using Proofsheet.Api.Downloads.Archives;
using Proofsheet.Api.Downloads.Exports;
using Proofsheet.Api.Downloads.Rules;
using Proofsheet.Api.Downloads.Visiting;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Outbox;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Downloads;

internal static class DownloadsSetup
{
    public static IServiceCollection AddDownloads(this IServiceCollection services)
    {
        services.AddOutboxHandler<OrderPaid, GrantDownloads>("downloads.grant_order_downloads");
        services.AddScoped<OpenDownloads>();
        services.AddScoped<INamesObjects, DownloadObjects>();
        services.AddScoped<INamesObjects, ArchiveObjects>();
        services.AddSingleton<DownloadLinks>();
        services.AddSingleton<ArchiveShelf>();
        services.AddSingleton<ArchiveFiles>();
        services.AddSingleton<StoredFiles>();
        services.AddSingleton<ArchiveLists>();
        services.AddSingleton<ArchiveSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<ArchiveSweeper>());
        services.AddScoped<DownloadTermsLookup>();
        services.AddScoped<DownloadPins>();
        services.AddScoped<WantedPhotos>();
        services.AddScoped<DownloadDesk>();
        services.AddScoped<VisitorArchives>();
        services.AddScoped<ExportSource>();
        services.AddOutboxHandler<DownloadAsked, PrepareDownload>("downloads.prepare_download");
        services.AddOutboxHandler<ExportAsked, MakeExport>("downloads.build_export");
        services.AddOutboxHandler<GalleryPurged, ForgetDownloads>("downloads.delete_gallery_downloads");
        return services;
    }

    public static void MapDownloads(this IEndpointRouteBuilder routes)
    {
        routes.MapListDownloads();
        routes.MapDownloadFile();
        routes.MapDownloadZip();
        routes.MapGetDownloadRules();
        routes.MapUpdateDownloadRules();
        routes.MapGetDownloadOffer();
        routes.MapRequestDownload();
        routes.MapGetGalleryDownload();
        routes.MapDownloadGalleryFile();
        routes.MapCreateExport();
        routes.MapGetExport();
        routes.MapDownloadExport();
    }
}
