using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Proofsheet.Api.Kernel;

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
        services.AddScoped<IVisitorGate, NoGalleries>();
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

/// <summary>No gallery, no visit: until the galleries' room registers its own gate.</summary>
internal sealed class NoGalleries : IVisitorGate
{
    public Task<bool> StillOpenAsync(string galleryId, int accessVersion, CancellationToken cancellation) => Task.FromResult(false);
}
