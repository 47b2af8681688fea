using Proofsheet.Api.Http;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Uploads.Batches;
using Proofsheet.Api.Uploads.Multipart;
using Proofsheet.Api.Uploads.Tus;

namespace Proofsheet.Api.Uploads;

internal static class UploadsSetup
{
    public static IServiceCollection AddUploads(this IServiceCollection services)
    {
        services.AddScoped<PhotoIngest>();
        services.AddScoped<PlanLimits>();
        services.AddScoped<NewUploads>();
        services.AddScoped<UploadWriter>();
        services.AddScoped<UploadFinisher>();
        services.AddScoped<UploadJoining>();
        services.AddScoped<DirectUploads>();
        services.AddScoped<UploadMapper>();
        services.AddScoped<NewBatches>();
        services.AddScoped<UploadBatchMapper>();
        services.AddSingleton<IProblemTranslator, UploadProblems>();
        services.AddScoped<IObjectReferenceSource, UploadObjects>();
        services.AddSingleton<UploadSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<UploadSweeper>());
        return services;
    }

    public static void MapUploads(this IEndpointRouteBuilder routes)
    {
        routes.MapUploadPhotos();
        routes.MapTusOptions();
        routes.MapCreateUpload();
        routes.MapGetUpload();
        routes.MapHeadUpload();
        routes.MapAppendUpload();
        routes.MapCreateDirectUpload();
        routes.MapCompleteUpload();
        routes.MapTerminateUpload();
        routes.MapCreateUploadBatch();
        routes.MapGetUploadBatch();
    }
}
