using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Proofsheet.Identity.Protocol.Ports;

namespace Proofsheet.Identity.Sessions;

internal static class SessionsSetup
{
    public static IServiceCollection AddSessions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SessionOptions>().Bind(configuration.GetSection("Sessions")).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<UserSessions>();
        services.AddScoped<IUserSessions>(provider => provider.GetRequiredService<UserSessions>());
        services.AddAuthentication(SessionAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null);
        services.Replace(ServiceDescriptor.Singleton<IDataProtectionProvider, KeyringProtection>());
        return services;
    }
}
