using Proofsheet.Api.Galleries;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Outbox;
using Proofsheet.Api.Photos.Batches;
using Proofsheet.Api.Photos.Delivery;
using Proofsheet.Api.Photos.Editing;
using Proofsheet.Api.Photos.Processing;
using Proofsheet.Api.Photos.Progress;
using Proofsheet.Api.Photos.Resumable;
using Proofsheet.Api.Photos.Uploading;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Studios;

namespace Proofsheet.Api.Photos;

internal static class PhotosSetup
{
    public static IServiceCollection AddPhotos(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PhotoOptions>().Bind(configuration.GetSection("Photos")).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<PhotoAnswers>();
        services.AddScoped<PhotoLinks>();
        services.AddScoped<PhotoIntake>();
        services.AddScoped<PlanLimits>();
        services.AddScoped<NewUploads>();
        services.AddScoped<UploadWriter>();
        services.AddScoped<UploadFinisher>();
        services.AddScoped<UploadJoining>();
        services.AddScoped<DirectUploads>();
        services.AddScoped<UploadAnswers>();
        services.AddScoped<NewBatches>();
        services.AddScoped<UploadBatchAnswers>();
        services.AddScoped<GalleryMarks>();
        services.AddDelivery(configuration);
        services.AddScoped<IGalleryFrontDetails, GalleryFronts>();
        services.AddScoped<IOnboardingStep, PhotoStep>();
        services.AddSingleton<GalleryWatchers>();
        services.AddSingleton<IProblemTranslator, UploadProblems>();
        services.AddScoped<INamesObjects, PhotoObjects>();
        services.AddScoped<INamesObjects, UploadObjects>();
        services.AddSingleton<OrphanSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<OrphanSweeper>());
        services.AddSingleton<UploadSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<UploadSweeper>());
        services.AddOutboxHandler<PhotoProcessingAsked, ProcessPhoto>("photos.process_photo");
        services.AddOutboxHandler<PhotoPurgeDue, PurgePhoto>("photos.purge_photo");
        services.AddOutboxHandler<GalleryPurged, EmptyGallery>("photos.purge_gallery_photos");
        services.AddOutboxHandler<SectionDeleted, LeaveSection>("photos.clear_section");
        return services;
    }

    public static void MapPhotos(this IEndpointRouteBuilder routes)
    {
        routes.MapUploadPhotos();
        routes.MapTusOptions();
        routes.MapCreateUpload();
        routes.MapGetUpload();
        routes.MapAppendUpload();
        routes.MapCreateDirectUpload();
        routes.MapCompleteUpload();
        routes.MapTerminateUpload();
        routes.MapCreateUploadBatch();
        routes.MapGetUploadBatch();
        routes.MapListPhotos();
        routes.MapGetPhoto();
        routes.MapUpdatePhoto();
        routes.MapDeletePhoto();
        routes.MapRestorePhoto();
        routes.MapRetryPhoto();
        routes.MapReorderPhotos();
        routes.MapSetGalleryCover();
        routes.MapGalleryProgress();
        routes.MapWatchGallery();
        routes.MapGetOriginal();
        routes.MapGetRendition();
    }
}
