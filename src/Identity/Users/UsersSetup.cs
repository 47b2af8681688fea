using Microsoft.AspNetCore.Identity;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Mail;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Users.Accounts;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Identity.Users.Passkeys;
using Proofsheet.Identity.Users.Passwords;
using Proofsheet.Identity.Users.Social;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Identity.Users;

internal static class UsersSetup
{
    public static IServiceCollection AddUsers(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PasswordSettings>().Bind(configuration.GetSection("Passwords")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<LimitOptions>().Bind(configuration.GetSection("Limits")).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<IPasswordHasher<User>, UnusedPasswordHasher>();
        services.AddIdentityCore<User>(options =>
        {
            options.User.RequireUniqueEmail = true;
            // EmailAddress validates addresses; this option would only refuse some of them.
            options.User.AllowedUserNameCharacters = "";
            options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
        }).AddEntityFrameworkStores<IdentityDb>();

        services.AddSingleton<PasswordHashing>();
        services.AddHttpClient<BreachService>();
        services.AddScoped<Tickets.Tickets>();
        services.AddScoped<AttemptLimits>();
        services.AddScoped<Lockout>();
        services.AddScoped<SecondFactors.SecondFactors>();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<SignIn>();
        services.AddScoped<Register>();
        services.AddScoped<ConfirmEmail>();
        services.AddScoped<ResetPassword>();
        services.AddScoped<ChangePassword>();
        services.AddScoped<ChangeEmail>();
        services.AddScoped<DeleteAccount>();
        services.AddOutboxHandler<ConfirmationWanted, SendConfirmation>("users.confirmation_mail");
        services.AddOutboxHandler<PasswordForgotten, SendPasswordReset>("users.password_reset_mail");
        services.AddScoped<IProfileService, ProfileService>();
        services.AddPasskeys();
        services.AddSocial(configuration);
        services.AddAccountMail();
        services.AddScoped<IExpiredRows, ExpiredUserRows>();
        return services;
    }
}
