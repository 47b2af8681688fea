using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Proofsheet.Shared.Hosting;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Identity;

internal static class AuthoritySetup
{
    /// <summary>Registers what every module uses: options, time, keys, client addresses.</summary>
    public static IServiceCollection AddAuthority(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AuthorityOptions>().Bind(configuration.GetSection("Identity")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuthorityOptions>, AuthorityOptionsValidation>();
        services.AddOptions<KeyringOptions>().Bind(configuration.GetSection("Keyring"));
        services.AddSingleton<Keyring>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpContextAccessor();
        services.AddScoped<TenantContext>();
        services.AddClientAddress(configuration);
        services.AddHostedService<Telemetry>();
        return services;
    }
}
