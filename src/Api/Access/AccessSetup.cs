using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Proofsheet.Api.Access;

internal static class AccessSetup
{
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection("Access")).ValidateOnStart();
        services.AddSingleton<VisitorTokens>();
        services.AddAuthentication(CredentialHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, CredentialHandler>(CredentialHandler.SchemeName, null);
        services.AddAuthorization();
        services.AddCors();
        services.AddTransient<ICorsPolicyProvider, KeyOriginPolicies>();
        return services;
    }

    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapCreateKey();
        routes.MapListKeys();
        routes.MapRotateKey();
        routes.MapRevokeKey();
    }
}
