using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Mail;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Identity.Users.Tickets;
using Proofsheet.Shared.Database;

namespace Proofsheet.Identity.Users.Accounts;

/// <summary>Changes an account's address: the new one confirms it, and the old one is notified. Whether the new one is already known stays hidden.</summary>
internal sealed class ChangeEmail(IdentityDb db, UserManager<User> users, Tickets.Tickets tickets, AccountMails mails, AttemptLimits limits, TimeProvider clock)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromHours(1);

    public async Task AskAsync(string userId, string email, CancellationToken cancellation)
    {
        var normalized = users.NormalizeEmail(email);
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == userId, cancellation);
        if (!await limits.MailboxAsync(normalized, cancellation) || normalized == user.NormalizedEmail)
        {
            return;
        }

        await tickets.WithdrawAsync(TicketKind.ChangeEmail, userId, cancellation);
        mails.Notify(user, Notice.EmailChangeAsked);
        var owner = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedUserName == normalized && u.EmailConfirmed, cancellation);
        if (owner is null)
        {
            mails.Add(AccountMail.ChangeEmail, email, user.DisplayName, tickets.Issue(TicketKind.ChangeEmail, userId, Lasts, email));
        }
        else
        {
            mails.Add(AccountMail.AddressKnown, owner.Email!, owner.DisplayName);
        }

        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>The new address that a link would confirm; null when it was used or has expired.</summary>
    public async Task<string?> FindAsync(string? token, CancellationToken cancellation) =>
        (await tickets.FindAsync(TicketKind.ChangeEmail, token, cancellation))?.Payload;

    /// <summary>False when the link was used or has expired, or when the address was taken in the meantime.</summary>
    public async Task<bool> ConfirmAsync(string? token, CancellationToken cancellation)
    {
        try
        {
            return await db.InTransactionAsync(
                async () =>
                {
                    if (await tickets.TakeAsync(TicketKind.ChangeEmail, token, cancellation) is not { } ticket)
                    {
                        return false;
                    }

                    var user = await db.Users.SingleAsync(u => u.Id == ticket.UserId, cancellation);
                    var normalized = users.NormalizeEmail(ticket.Payload!);
                    // An account that was never confirmed must not keep the address from its owner.
                    await db.Users.Where(u => u.NormalizedUserName == normalized && !u.EmailConfirmed).ExecuteDeleteAsync(cancellation);
                    mails.Notify(user, Notice.EmailChanged, to: user.Email);
                    (user.Email, user.UserName, user.NormalizedEmail, user.NormalizedUserName) = (ticket.Payload, ticket.Payload, normalized, normalized);
                    (user.EmailConfirmed, user.UpdatedAt) = (true, clock.GetUtcNow());
                    await tickets.WithdrawAsync(TicketKind.ResetPassword, user.Id, cancellation);
                    await db.SaveChangesAsync(cancellation);
                    return true;
                },
                cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return false;
        }
    }
}
