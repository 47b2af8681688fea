using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Mail;
using Proofsheet.Identity.Outbox;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Identity.Users.Passwords;
using Proofsheet.Identity.Users.Tickets;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Identity.Users.Accounts;

/// <summary>Someone claims to have forgotten the password of an address, which may be unknown.</summary>
internal sealed record PasswordForgotten(string Email) : IOutboxEvent
{
    public static string EventName => "users.password_forgotten";
}

/// <summary>Sends the link if there is an account. Runs in the background, so that the page always takes the same time.</summary>
internal sealed class SendPasswordReset(IdentityDb db, UserManager<User> users, Tickets.Tickets tickets, AccountMails mails, AttemptLimits limits)
    : IHandle<PasswordForgotten>
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(30);

    public static void Want(IdentityDb db, string email, DateTimeOffset now) => db.Publish(OutboxOwner.Authority, new PasswordForgotten(email), now);

    public async Task HandleAsync(PasswordForgotten happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var normalized = users.NormalizeEmail(happened.Email);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedUserName == normalized && u.EmailConfirmed && u.DisabledAt == null, cancellation);
        if (user is null || !await limits.MailboxAsync(normalized, cancellation))
        {
            return;
        }

        await tickets.WithdrawAsync(TicketKind.ResetPassword, user.Id, cancellation);
        mails.Add(AccountMail.ResetPassword, user.Email!, user.DisplayName, tickets.Issue(TicketKind.ResetPassword, user.Id, Lasts));
        await db.SaveChangesAsync(cancellation);
    }
}

/// <summary>Sets a new password with the link of a mail, and ends all sessions and tokens of the old one. A second factor stays.</summary>
internal sealed class ResetPassword(
    IdentityDb db, PasswordHashing hashing, Tickets.Tickets tickets, AccountMails mails, UserSessions sessions, ITokenRevocation tokens, TimeProvider clock)
{
    /// <summary>The account of the link; null when it was used or has expired.</summary>
    public async Task<User?> FindAsync(string? token, CancellationToken cancellation) =>
        await tickets.FindAsync(TicketKind.ResetPassword, token, cancellation) is { } ticket
            ? await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == ticket.UserId, cancellation)
            : null;

    /// <summary>False when the link was used or has expired.</summary>
    public async Task<bool> RunAsync(string? token, string password, CancellationToken cancellation)
    {
        var hash = await hashing.HashAsync(password, cancellation);
        return await db.InTransactionAsync(
            async () =>
            {
                if (await tickets.TakeAsync(TicketKind.ResetPassword, token, cancellation) is not { } ticket)
                {
                    return false;
                }

                var user = await db.Users.SingleAsync(u => u.Id == ticket.UserId, cancellation);
                (user.PasswordHash, user.UpdatedAt, user.AccessFailedCount, user.LockoutEnd) = (hash, clock.GetUtcNow(), 0, null);
                mails.Notify(user, Notice.PasswordReset);
                await tickets.WithdrawAsync(TicketKind.SecondFactor, user.Id, cancellation);
                await tickets.WithdrawAsync(TicketKind.ChangeEmail, user.Id, cancellation);
                await sessions.EndAllAsync(user.Id, null, cancellation);
                await db.SaveChangesAsync(cancellation);
                await tokens.RevokeSubjectAsync(user.Id, null, accountDisabled: false, cancellation);
                return true;
            },
            cancellation);
    }
}
