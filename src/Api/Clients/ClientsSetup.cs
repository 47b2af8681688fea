using Proofsheet.Api.Access;

namespace Proofsheet.Api.Clients;

internal static class ClientsSetup
{
    public static IServiceCollection AddClients(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ClientDirectory>();
        services.AddSingleton<ClientRegistry>();
        services.AddScoped<IStudioPrograms, StudioPrograms>();
        services.AddScoped<IClientOrigins, ClientOrigins>();
        services.AddScoped<RegisteredClients>();
        return services;
    }

    public static void MapClients(this IEndpointRouteBuilder routes)
    {
        routes.MapReadOAuthClients();
        routes.MapCreateOAuthClient();
        routes.MapUpdateOAuthClient();
        routes.MapRotateOAuthClientSecret();
        routes.MapDeleteOAuthClient();
    }
}
