using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Mail;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Users.Passwords;
using Proofsheet.Identity.Users.Tickets;
using Proofsheet.Shared.Database;

namespace Proofsheet.Identity.Users.Accounts;

/// <summary>Changes the password, or sets the first one of an account that was created without; other sessions end.</summary>
internal sealed class ChangePassword(
    IdentityDb db, PasswordHashing hashing, PasswordSignIn passwords, Tickets.Tickets tickets, AccountMails mails, UserSessions sessions, ITokenRevocation tokens,
    TimeProvider clock)
{
    /// <summary>False when the old password is wrong. Without an old one, the caller must have just verified other credentials.</summary>
    public async Task<bool> RunAsync(SignedIn who, string? old, string password, CancellationToken cancellation)
    {
        var known = await db.Users.AsNoTracking().SingleAsync(u => u.Id == who.Subject, cancellation);
        if (known.PasswordHash is not null && !await passwords.CheckAsync(known, old ?? "", cancellation))
        {
            return false;
        }

        var hash = await hashing.HashAsync(password, cancellation);
        return await db.InTransactionAsync(
            async () =>
            {
                var user = await db.Users.SingleAsync(u => u.Id == who.Subject, cancellation);
                (user.PasswordHash, user.UpdatedAt) = (hash, clock.GetUtcNow());
                mails.Notify(user, Notice.PasswordChanged);
                await tickets.WithdrawAsync(TicketKind.ResetPassword, user.Id, cancellation);
                await tickets.WithdrawAsync(TicketKind.SecondFactor, user.Id, cancellation);
                await sessions.EndAllAsync(user.Id, who.SessionId, cancellation);
                await db.SaveChangesAsync(cancellation);
                await tokens.RevokeSubjectAsync(user.Id, who.SessionId, accountDisabled: false, cancellation);
                return true;
            },
            cancellation);
    }
}
