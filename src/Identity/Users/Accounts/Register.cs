using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Mail;
using Proofsheet.Identity.Outbox;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Identity.Users.Passwords;
using Proofsheet.Identity.Users.Tickets;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Identity.Users.Accounts;

/// <summary>What a confirmation turns into an account: the password and name typed in the registration that the mail belongs to.</summary>
/// <param name="Interaction">The interaction of the registration, which continues when the mail is opened in the same browser in time.</param>
internal sealed record Registration(string PasswordHash, string DisplayName, string? Interaction);

/// <summary>A request to send the registration mail again.</summary>
internal sealed record ConfirmationWanted(string Email) : IOutboxEvent
{
    public static string EventName => "users.confirmation_wanted";
}

/// <summary>
/// Creates an account that cannot be used before its address is confirmed. The password is stored with the registration mail, and confirming needs
/// both the mail and the password, so registering someone else's address in advance gains nothing.
/// </summary>
internal sealed class Register(
    IdentityDb db, UserManager<User> users, PasswordHashing hashing, Tickets.Tickets tickets, AccountMails mails, AttemptLimits limits, TimeProvider clock)
{
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(1);

    /// <summary>Does the same work for known and new addresses, and returns nothing: only the mail shows the difference.</summary>
    public async Task RunAsync(string email, string displayName, string password, string? interaction, CancellationToken cancellation)
    {
        var registration = new Registration(await hashing.HashAsync(password, cancellation), displayName, interaction);
        var normalized = users.NormalizeEmail(email);
        if (!await limits.MailboxAsync(normalized, cancellation))
        {
            return;
        }

        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedUserName == normalized, cancellation);
        if (user is null)
        {
            user = User.Make(email, displayName, clock.GetUtcNow());
            (user.NormalizedEmail, user.NormalizedUserName, user.LockoutEnabled) = (normalized, normalized, true);
            user.SecurityStamp = Sessions.Secret.New();
            db.Add(user);
        }

        if (user.EmailConfirmed)
        {
            mails.Add(AccountMail.AddressKnown, user.Email!, user.DisplayName);
        }
        else
        {
            var secret = tickets.Issue(TicketKind.ConfirmEmail, user.Id, Lasts, JsonSerializer.Serialize(registration));
            mails.Add(AccountMail.ConfirmEmail, email, displayName, secret);
        }

        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // The same address was registered twice at once: the other request sends the mail.
        }
    }
}

/// <summary>Sends the newest registration's mail again, if there is one. Runs in the background, so that the page always takes the same time.</summary>
internal sealed class SendConfirmation(IdentityDb db, UserManager<User> users, Tickets.Tickets tickets, AccountMails mails, AttemptLimits limits, TimeProvider clock)
    : IHandle<ConfirmationWanted>
{
    public static void Want(IdentityDb db, string email, DateTimeOffset now) => db.Publish(OutboxOwner.Authority, new ConfirmationWanted(email), now);

    public async Task HandleAsync(ConfirmationWanted happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var (normalized, now) = (users.NormalizeEmail(happened.Email), clock.GetUtcNow());
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedUserName == normalized && !u.EmailConfirmed, cancellation);
        var newest = user is null ? null : await db.Set<Ticket>().AsNoTracking()
            .Where(t => t.UserId == user.Id && t.Kind == TicketKind.ConfirmEmail && t.ExpiresAt > now).OrderByDescending(t => t.ExpiresAt).FirstOrDefaultAsync(cancellation);
        if (newest is null || !await limits.MailboxAsync(normalized, cancellation))
        {
            return;
        }

        var registration = JsonSerializer.Deserialize<Registration>(newest.Payload!)!;
        mails.Add(AccountMail.ConfirmEmail, user!.Email!, registration.DisplayName, tickets.Issue(TicketKind.ConfirmEmail, user.Id, Register.Lasts, newest.Payload));
        await db.SaveChangesAsync(cancellation);
    }
}
