using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Codes;
using Proofsheet.Api.Notifications.Templates;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Notifications;

/// <summary>Sends a code to the address that is to be proven. The subject does not have it, because the studio sees subjects of mails that could not be sent.</summary>
internal sealed class MailEmailCode(ProofsheetDb db, Notifier notifier, EmailCodes codes, TimeProvider clock) : IHandle<EmailCodeIssued>
{
    public async Task HandleAsync(EmailCodeIssued happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var code = await db.Set<EmailCode>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == happened.CodeId, cancellation);
        if (code is null || code.ExpiresAt <= clock.GetUtcNow() || codes.Open(happened.SealedCode) is not { } digits)
        {
            return;
        }

        await notifier.SendOnceAsync<EmailCodeMail>(code.Id.ToString(), "email-code", new MailParty(code.Email), $"Your code for {happened.About}", new()
        {
            ["Code"] = digits,
            ["About"] = happened.About,
        }, cancellation);
    }
}
