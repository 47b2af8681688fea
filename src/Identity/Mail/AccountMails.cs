using System.Text;
using System.Text.Json;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Outbox;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Identity.Mail;

internal enum AccountMail
{
    ConfirmEmail,
    AddressKnown,
    ResetPassword,
    ChangeEmail,
    Notice,
}

/// <summary>A mail to be sent. Its content is sealed, because the link in it is a secret and the outbox keeps its messages.</summary>
/// <param name="Kind">The template.</param>
/// <param name="Sealed">A <see cref="MailContent"/>, sealed with the keyring.</param>
internal sealed record MailWanted(AccountMail Kind, byte[] Sealed) : IOutboxEvent
{
    public static string EventName => "mail.wanted";
}

/// <param name="Secret">The secret in the link; null for a link without one.</param>
internal sealed record MailContent(string Id, string To, string Name, string? Secret, Notice? Notice, DateTimeOffset At);

/// <summary>Adds mails to the pending changes, so that they are sent only if those are saved.</summary>
internal sealed class AccountMails(IdentityDb db, Keyring keyring, IHttpContextAccessor http, TimeProvider clock)
{
    public const string Purpose = "account-mail";

    public void Add(AccountMail kind, string to, string name, string? secret = null) => Add(kind, to, name, secret, null);

    /// <summary>Notifies the owner of a change; <paramref name="to"/> overrides the account's address.</summary>
    public void Notify(User user, Notice notice, string? to = null)
    {
        Add(AccountMail.Notice, to ?? user.Email!, user.DisplayName, null, notice);
        // What the owner is told is also what an investigation needs.
        db.Add(new SecurityLogEntry
        {
            At = clock.GetUtcNow(),
            What = "account_" + JsonNamingPolicy.SnakeCaseLower.ConvertName(notice.ToString()),
            Subject = user.Id,
            Address = http.HttpContext?.Connection.RemoteIpAddress?.ToString(),
        });
    }

    private void Add(AccountMail kind, string to, string name, string? secret, Notice? notice)
    {
        var now = clock.GetUtcNow();
        var content = new MailContent(Id<OutboxMessage>.New(now).ToStored(), to, name, secret, notice, now);
        db.Publish(OutboxOwner.Authority, new MailWanted(kind, keyring.Seal(Purpose, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(content)))), now);
    }
}
