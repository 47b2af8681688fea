using Proofsheet.Shared.Outbox;

namespace Proofsheet.Identity.Mail;

internal static class AccountMailSetup
{
    public static IServiceCollection AddAccountMail(this IServiceCollection services)
    {
        services.AddScoped<AccountMails>();
        return services.AddOutboxHandler<MailWanted, SendAccountMail>("mail.account_mail");
    }
}
