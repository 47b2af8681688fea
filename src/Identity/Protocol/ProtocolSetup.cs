using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Authorize;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Devices;
using Proofsheet.Identity.Protocol.Events;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Registration;
using Proofsheet.Identity.Protocol.Sessions;
using Proofsheet.Identity.Protocol.Tokens;
using Proofsheet.Identity.Protocol.Web;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Identity.Protocol;

internal static class ProtocolSetup
{
    public static IServiceCollection AddProtocol(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ProtocolOptions>().Bind(configuration.GetSection("Identity")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProtocolOptions>, ProtocolOptionsValidation>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<AddressLimiter>();
        services.AddSingleton<IResourceStore, ConfiguredResources>();
        services.AddSingleton<Sweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<Sweeper>());
        return services.AddTokens().AddInteractions().AddEvents();
    }

    public static void MapProtocol(this IEndpointRouteBuilder routes)
    {
        routes.MapDiscovery();
        routes.MapAuthorizeEndpoint();
        routes.MapPushedRequestEndpoint();
        routes.MapTokenEndpoint();
        routes.MapDeviceEndpoint();
        routes.MapRevocationEndpoint();
        routes.MapIntrospectionEndpoint();
        routes.MapUserInfoEndpoint();
        routes.MapEndSession();
        routes.MapRegistrationEndpoint();
    }

    private static IServiceCollection AddTokens(this IServiceCollection services) => services
        .AddScoped<ClientAuthentication>()
        .AddScoped<ClientAssertions>()
        .AddScoped<DpopProofs>()
        .AddScoped<TokenIssuer>()
        .AddScoped<AccessTokens>()
        .AddScoped<BearerAuthentication>()
        .AddScoped<RegistrationAccess>()
        .AddScoped<Holders>()
        .AddScoped<IExtensionGrant, CodeGrant>()
        .AddScoped<IExtensionGrant, RefreshGrant>()
        .AddScoped<IExtensionGrant, ClientCredentialsGrant>()
        .AddScoped<IExtensionGrant, DeviceCodeGrant>();

    private static IServiceCollection AddInteractions(this IServiceCollection services) => services
        .AddScoped<AuthorizeRequests>()
        .AddScoped<PushedRequests>()
        .AddScoped<AuthorizeFlow>()
        .AddScoped<Interactions>()
        .AddScoped<IInteractions>(provider => provider.GetRequiredService<Interactions>())
        .AddScoped<IdTokenHints>()
        .AddScoped<LogoutRequests>()
        .AddScoped<ILogoutRequests>(provider => provider.GetRequiredService<LogoutRequests>())
        .AddScoped<IDeviceRequests, DeviceRequests>()
        .AddScoped<IConnectedApplications, ConnectedApplications>()
        .AddScoped<TokenRevocation>()
        .AddScoped<ITokenRevocation>(provider => provider.GetRequiredService<TokenRevocation>());

    private static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddScoped<SecurityEvents>();
        services.AddOutboxHandler<SecurityEventOccurred, PushSecurityEvent>("protocol.push_security_event");
        services.AddOutboxHandler<BackChannelLogout, SendBackChannelLogout>("protocol.back_channel_logout");
        services.AddHttpClient(PushSecurityEvent.Client, client => client.Timeout = TimeSpan.FromSeconds(5))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        services.AddHttpClient(SendBackChannelLogout.Client, client => client.Timeout = TimeSpan.FromSeconds(5))
            .ConfigurePrimaryHttpMessageHandler(provider => PublicAddresses.Handler(provider.GetRequiredService<IOptions<ProtocolOptions>>().Value.AllowPrivateAddresses));
        return services;
    }
}
