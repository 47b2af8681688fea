using Proofsheet.Api.Galleries.Lifecycle;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Exports;

internal static class ExportsSetup
{
    public static IServiceCollection AddExports(this IServiceCollection services)
    {
        services.AddScoped<ExportSource>();
        services.AddScoped<IObjectReferenceSource, ArchiveObjects>();
        services.AddSingleton<ArchiveSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<ArchiveSweeper>());
        services.AddOutboxHandler<ExportAsked, MakeExport>("downloads.build_export");
        services.AddOutboxHandler<GalleryPurged, ForgetDownloads>("downloads.delete_gallery_downloads");
        return services;
    }

    public static void MapExports(this IEndpointRouteBuilder routes)
    {
        routes.MapCreateExport();
        routes.MapGetExport();
        routes.MapGetExportFile();
    }
}
