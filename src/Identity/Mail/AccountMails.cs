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

/// <summary>A mail to be sent. Its link is a secret, and the outbox keeps messages: so the content is sealed.</summary>
/// <param name="Kind">Which template.</param>
/// <param name="Sealed">A <see cref="MailContent"/>, sealed by the keyring.</param>
internal sealed record MailWanted(AccountMail Kind, byte[] Sealed) : IOutboxEvent
{
    public static string EventName => "mail.wanted";
}

/// <param name="Secret">What the link carries; null for a link without.</param>
internal sealed record MailContent(string Id, string To, string Name, string? Secret, Notice? Notice, DateTimeOffset At);

/// <summary>Adds mails to the change being saved: they go out when it is, and not otherwise.</summary>
internal sealed class AccountMails(IdentityDb db, Keyring keyring, IHttpContextAccessor http, TimeProvider clock)
{
    public const string Purpose = "account-mail";

    public void Add(AccountMail kind, string to, string name, string? secret = null) => Add(kind, to, name, secret, null);

    /// <summary>Tells the owner about a change; <paramref name="to"/> where it is not the account's address.</summary>
    public void Notify(User user, Notice notice, string? to = null)
    {
        Add(AccountMail.Notice, to ?? user.Email!, user.DisplayName, null, notice);
        // What its owner is told is also what an investigation asks for.
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
