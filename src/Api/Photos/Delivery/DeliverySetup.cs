using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Proofsheet.Api.Photos.Delivery;

internal static class DeliverySetup
{
    public static IServiceCollection AddDelivery(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DeliveryOptions>().Bind(configuration.GetSection("Delivery")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WatermarkSpecs>();
        services.AddSingleton<WatermarkedRenditions>();
        services.AddSingleton<DeliveryFacts>();
        services.AddSingleton<HotPictures>();
        services.AddSingleton<CacheTags>();
        services.AddSingleton<Pictures>();
        services.AddSingleton<PictureDelivery>();
        services.AddScoped<IInterceptor, DeliveryChanges>();
        return services;
    }
}
