using Proofsheet.Api.Outbox;

namespace Proofsheet.Api.Studios;

internal static class StudiosSetup
{
    public static IServiceCollection AddStudios(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<Plans>().Bind(configuration.GetSection("Plans")).ValidateOnStart();
        services.AddOutboxHandler<LogoReplaced, RemoveOldLogo>();
        return services;
    }

    public static void MapStudios(this IEndpointRouteBuilder routes)
    {
        routes.MapCreateStudio();
        routes.MapGetStudio();
        routes.MapUpdateStudio();
        routes.MapGetBranding();
        routes.MapUpdateBranding();
        routes.MapPutLogo();
        routes.MapDeleteLogo();
        routes.MapGetLogo();
        routes.MapCreateWatermark();
        routes.MapReadWatermarks();
        routes.MapUpdateWatermark();
        routes.MapDeleteWatermark();
    }
}
