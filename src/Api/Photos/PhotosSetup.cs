using Proofsheet.Api.Galleries.Lifecycle;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Photos.Editing;
using Proofsheet.Api.Photos.Processing;
using Proofsheet.Api.Photos.Progress;
using Proofsheet.Api.Studios.Onboarding;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Photos;

internal static class PhotosSetup
{
    public static IServiceCollection AddPhotos(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PhotoOptions>().Bind(configuration.GetSection("Photos")).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<PhotoMapper>();
        services.AddScoped<IOnboardingStep, PhotoStep>();
        services.AddSingleton<GalleryWatchers>();
        services.AddOutboxEvent<PhotoProcessed>();
        services.AddOutboxHandler<PhotoProcessingAsked, ProcessPhoto>("photos.process_photo");
        services.AddOutboxHandler<PhotoFormatsDue, AddFormats>("photos.add_formats");
        services.AddScoped<RenditionStore>();
        services.AddScoped<KeptOriginals>();
        services.AddSingleton<WorkFolder>();
        services.AddHostedService(provider => provider.GetRequiredService<WorkFolder>());
        services.AddOutboxHandler<PhotoPurgeDue, PurgePhoto>("photos.purge_photo");
        services.AddOutboxHandler<GalleryPurged, EmptyGallery>("photos.purge_gallery_photos");
        services.AddOutboxHandler<SectionDeleted, LeaveSection>("photos.clear_section");
        return services;
    }

    public static void MapPhotos(this IEndpointRouteBuilder routes)
    {
        routes.MapListPhotos();
        routes.MapGetPhoto();
        routes.MapUpdatePhoto();
        routes.MapDeletePhoto();
        routes.MapRestorePhoto();
        routes.MapRetryPhoto();
        routes.MapReorderPhotos();
        routes.MapGetGalleryProgress();
        routes.MapWatchGallery();
    }
}
