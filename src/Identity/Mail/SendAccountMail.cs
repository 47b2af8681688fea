using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Mail.Templates;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Identity.Mail;

/// <summary>
/// Sends a mail from the outbox. If the process dies after sending and before the message is marked done, the mail is sent again with the same
/// Message-ID, by which mailboxes drop the duplicate.
/// </summary>
internal sealed class SendAccountMail(
    IMailSender mails, MailRenderer renderer, Keyring keyring, IOptions<AuthorityOptions> authority, IOptions<MailOptions> options, ILogger<SendAccountMail> log)
    : IHandle<MailWanted>
{
    public async Task HandleAsync(MailWanted happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        // The master key was removed, so the mail can never be read: retrying would not help.
        if (keyring.Open(AccountMails.Purpose, happened.Sealed) is not { } opened)
        {
            log.LogError("A mail of kind {Kind} was sealed with a key that is gone", happened.Kind);
            return;
        }

        var content = JsonSerializer.Deserialize<MailContent>(opened)!;
        var (subject, mail) = await RenderAsync(happened.Kind, content);
        try
        {
            await mails.SendAsync(
                new MailMessage
                {
                    To = new MailParty(content.To, OneLine(content.Name)),
                    Subject = subject,
                    Html = mail.Html,
                    Text = mail.Text,
                    MessageId = $"account.{content.Id}",
                },
                cancellation);
        }
        catch (MailException e) when (!e.IsTransient)
        {
            // Retrying would fail the same way.
            log.LogError(e, "A mail of kind {Kind} cannot be sent", happened.Kind);
        }
    }

    private async Task<(string Subject, RenderedMail Mail)> RenderAsync(AccountMail kind, MailContent content) => kind switch
    {
        AccountMail.ConfirmEmail => ("Confirm your e-mail address", await RenderAsync<ConfirmEmailMail>(content, "/confirm")),
        AccountMail.AddressKnown => ("You have an account already", await RenderAsync<AddressKnownMail>(content, "/sign-in")),
        AccountMail.ResetPassword => ("Choose a new password", await RenderAsync<ResetPasswordMail>(content, "/reset")),
        AccountMail.ChangeEmail => ("Confirm your new e-mail address", await RenderAsync<ChangeEmailMail>(content, "/confirm-email")),
        AccountMail.Notice => (NoticeTexts.Of(content.Notice!.Value).What, await RenderNoticeAsync(content)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private Task<RenderedMail> RenderNoticeAsync(MailContent content)
    {
        var (what, detail) = NoticeTexts.Of(content.Notice!.Value);
        return RenderAsync<SecurityNoticeMail>(content, content.Notice == Notice.AccountDeleted ? null : "/account", new()
        {
            ["What"] = what,
            ["Detail"] = detail,
            ["When"] = content.At.UtcDateTime.ToString("d MMMM yyyy 'at' HH:mm 'UTC'", CultureInfo.InvariantCulture),
        });
    }

    private Task<RenderedMail> RenderAsync<TMail>(MailContent content, string? path, Dictionary<string, object?>? more = null)
        where TMail : IComponent
    {
        var url = path is null ? null : authority.Value.Issuer + path + (content.Secret is null ? "" : $"?token={content.Secret}");
        var parameters = more ?? [];
        parameters["Brand"] = new MailBrand { Name = options.Value.FromName };
        parameters["Name"] = content.Name;
        parameters["Url"] = url;
        return renderer.RenderAsync<TMail>(parameters);
    }

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
}
