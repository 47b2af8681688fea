using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Mail;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Shared.Database;

namespace Proofsheet.Identity.Users.Accounts;

/// <summary>Deletes an account with everything that belongs to it here. Its subject is never reused.</summary>
internal sealed class DeleteAccount(IdentityDb db, AccountMails mails, ITokenRevocation tokens)
{
    public Task RunAsync(string userId, CancellationToken cancellation) => db.InTransactionAsync(
        async () =>
        {
            var user = await db.Users.SingleAsync(u => u.Id == userId, cancellation);
            mails.Notify(user, Notice.AccountDeleted);
            await tokens.RevokeSubjectAsync(userId, null, accountDisabled: true, cancellation);
            db.Remove(user);
            await db.SaveChangesAsync(cancellation);
            return true;
        },
        cancellation);
}
