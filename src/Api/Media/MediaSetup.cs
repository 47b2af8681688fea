using Microsoft.EntityFrameworkCore.Diagnostics;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Media.Cache;
using Proofsheet.Api.Media.Serving;
using Proofsheet.Api.Media.Signing;
using Proofsheet.Api.Media.Watermarks;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Media;

internal static class MediaSetup
{
    public static IServiceCollection AddMedia(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DeliveryOptions>().Bind(configuration.GetSection("Delivery")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<MediaSigner>();
        services.AddScoped<PhotoLinks>();
        services.AddScoped<IPhotoUrls>(provider => provider.GetRequiredService<PhotoLinks>());
        services.AddScoped<GalleryMarks>();
        services.AddScoped<IGalleryFrontDetails, GalleryFronts>();
        services.AddScoped<IObjectReferenceSource, PhotoObjects>();
        services.AddSingleton<WatermarkSpecs>();
        services.AddSingleton<WatermarkedRenditions>();
        services.AddSingleton<DeliveryFacts>();
        services.AddSingleton<RenditionCache>();
        services.AddSingleton<CacheTags>();
        services.AddSingleton<Pictures>();
        services.AddSingleton<PictureDelivery>();
        services.AddScoped<IInterceptor, DeliveryChanges>();
        return services;
    }

    public static void MapMedia(this IEndpointRouteBuilder routes)
    {
        routes.MapGetOriginal();
        routes.MapGetRendition();
    }
}
