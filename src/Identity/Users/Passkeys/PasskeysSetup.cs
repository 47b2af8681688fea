using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Data;

namespace Proofsheet.Identity.Users.Passkeys;

internal static class PasskeysSetup
{
    public static IServiceCollection AddPasskeys(this IServiceCollection services)
    {
        services.AddScoped<IPasskeyHandler<User>, PasskeyHandler<User>>();
        services.AddScoped<Passkeys>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<IOptions<AuthorityOptions>>((options, authority) =>
        {
            options.AuthenticatorTimeout = TimeSpan.FromMinutes(5);
            // Discoverable without typing a name, and two factors in one.
            options.ResidentKeyRequirement = "required";
            options.UserVerificationRequirement = "required";
            options.AttestationConveyancePreference = "none";
            // Evaluated lazily: the issuer decides, not the Host header of a request.
            options.ServerDomain = new Uri(authority.Value.Issuer).Host;
            options.ValidateOrigin = context => ValueTask.FromResult(
                !context.CrossOrigin && context.Origin == new Uri(authority.Value.Issuer).GetLeftPart(UriPartial.Authority));
        });
        return services;
    }
}
