using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Auth.Cors;

namespace Proofsheet.Api.OAuthClients;

internal static class OAuthClientsSetup
{
    public static IServiceCollection AddOAuthClients(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ClientDirectory>();
        services.AddSingleton<ClientRegistry>();
        services.AddScoped<IRegisteredClients, ServiceClients>();
        services.AddScoped<IClientOrigins, ClientOrigins>();
        services.AddScoped<RegisteredClients>();
        return services;
    }

    public static void MapOAuthClients(this IEndpointRouteBuilder routes)
    {
        routes.MapListOAuthClients();
        routes.MapGetOAuthClient();
        routes.MapCreateOAuthClient();
        routes.MapUpdateOAuthClient();
        routes.MapRotateOAuthClientSecret();
        routes.MapDeleteOAuthClient();
    }
}
