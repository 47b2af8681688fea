namespace Proofsheet.Api.Studios;

internal static class StudiosSetup
{
    public static IServiceCollection AddStudios(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<Plans>().Bind(configuration.GetSection("Plans")).ValidateOnStart();
        return services;
    }

    public static void MapStudios(this IEndpointRouteBuilder routes)
    {
        routes.MapCreateStudio();
        routes.MapGetStudio();
        routes.MapUpdateStudio();
        routes.MapGetBranding();
    }
}
