using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Auth.ApiKeys;
using Proofsheet.Api.Auth.Cors;
using Proofsheet.Api.Auth.Revocation;
using Proofsheet.Api.Auth.Staff;

namespace Proofsheet.Api.Auth;

internal static class AuthSetup
{
    public static IServiceCollection AddAuth(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection("Access")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<VisitorTokens>();
        services.AddSingleton<CredentialLookups>();
        services.AddOptions<AuthorityList>().Configure(list => configuration.GetSection("Authorities").Bind(list.Items)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuthorityList>, AuthorityList.Validation>();
        services.AddOptions<DenyListOptions>().Bind(configuration.GetSection("Access:DenyList")).ValidateDataAnnotations().ValidateOnStart();
        // An authority's responses are short and fast, and never redirect.
        services.AddHttpClient(Authority.HttpClientName, http => (http.Timeout, http.MaxResponseContentBufferSize) = (TimeSpan.FromSeconds(5), 512 * 1024))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false });
        services.AddSingleton<Authorities>();
        services.AddSingleton<AccessTokenVerifier>();
        services.AddSingleton<DenyList>();
        services.AddSingleton<SecurityEvents>();
        services.AddSingleton<StaffDirectory>();
        services.AddScoped<SenderProof>();
        services.AddScoped<TokenAuthorizer>();
        services.AddScoped<AccountProfiles>();
        services.AddHostedService<AuthorityRefresher>();
        services.AddHostedService<DenyListFeed>();
        services.AddSingleton<AccessSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<AccessSweeper>());
        services.AddAuthentication(CredentialHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, CredentialHandler>(CredentialHandler.SchemeName, null);
        services.AddAuthorization();
        services.AddCors();
        services.AddTransient<ICorsPolicyProvider, KeyOriginPolicies>();
        return services;
    }

    public static void MapAuth(this IEndpointRouteBuilder routes)
    {
        routes.MapCreateKey();
        routes.MapListKeys();
        routes.MapRotateKey();
        routes.MapRevokeKey();
        routes.MapReceiveSecurityEvent();
    }
}
