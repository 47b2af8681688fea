using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Users.Passwords;
using Proofsheet.Identity.Users.Tickets;
using Proofsheet.Shared.Database;

namespace Proofsheet.Identity.Users.Accounts;

internal enum ConfirmOutcome
{
    Confirmed,
    Gone,
    WrongPassword,
}

/// <summary>Turns a registration into an account.</summary>
internal sealed class ConfirmEmail(IdentityDb db, PasswordHashing hashing, Tickets.Tickets tickets, Lockout lockout, TimeProvider clock)
{
    public Task<Ticket?> FindAsync(string? token, CancellationToken cancellation) => tickets.FindAsync(TicketKind.ConfirmEmail, token, cancellation);

    public async Task<(ConfirmOutcome Outcome, User? User, string? Interaction)> RunAsync(string? token, string password, CancellationToken cancellation)
    {
        var ticket = await FindAsync(token, cancellation);
        var registration = ticket is null ? null : JsonSerializer.Deserialize<Registration>(ticket.Payload!);
        var open = await lockout.TakeAsync(ticket?.UserId, cancellation);
        var right = await hashing.VerifyAsync(registration?.PasswordHash, password, cancellation);
        if (ticket is null)
        {
            return (ConfirmOutcome.Gone, null, null);
        }

        if (!open || !right)
        {
            return (ConfirmOutcome.WrongPassword, null, null);
        }

        return await db.InTransactionAsync(
            async () =>
            {
                if (await tickets.TakeAsync(TicketKind.ConfirmEmail, token, cancellation) is null)
                {
                    return (ConfirmOutcome.Gone, (User?)null, (string?)null);
                }

                var user = await db.Users.SingleAsync(u => u.Id == ticket.UserId, cancellation);
                (user.EmailConfirmed, user.PasswordHash, user.DisplayName) = (true, registration!.PasswordHash, registration.DisplayName);
                (user.UpdatedAt, user.AccessFailedCount, user.LockoutEnd) = (clock.GetUtcNow(), 0, null);
                // Other registrations of this address are older, or were made by someone who cannot read its mail.
                await tickets.WithdrawAsync(TicketKind.ConfirmEmail, user.Id, cancellation);
                await db.SaveChangesAsync(cancellation);
                return (ConfirmOutcome.Confirmed, user, registration.Interaction);
            },
            cancellation);
    }
}
