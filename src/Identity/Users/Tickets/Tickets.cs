using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Sessions;

namespace Proofsheet.Identity.Users.Tickets;

/// <summary>Issues and redeems tickets. Looking at one never uses it up, because mail scanners open every link.</summary>
internal sealed class Tickets(IdentityDb db, TimeProvider clock)
{
    /// <summary>Adds a ticket to the pending changes and returns its secret.</summary>
    public string Issue(TicketKind kind, string? userId, TimeSpan lasts, string? payload = null)
    {
        var secret = Secret.New();
        db.Add(new Ticket { Hash = Secret.Hash(secret)!, Kind = kind, UserId = userId, Payload = payload, ExpiresAt = clock.GetUtcNow() + lasts });
        return secret;
    }

    public async Task<Ticket?> FindAsync(TicketKind kind, string? secret, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return Secret.Hash(secret) is { } hash
            ? await db.Set<Ticket>().AsNoTracking().SingleOrDefaultAsync(t => t.Hash == hash && t.Kind == kind && t.ExpiresAt > now, cancellation)
            : null;
    }

    /// <summary>The ticket, for the one caller that gets it; null for all others.</summary>
    public async Task<Ticket?> TakeAsync(TicketKind kind, string? secret, CancellationToken cancellation)
    {
        var ticket = await FindAsync(kind, secret, cancellation);
        return ticket is not null && await db.Set<Ticket>().Where(t => t.Hash == ticket.Hash).ExecuteDeleteAsync(cancellation) == 1 ? ticket : null;
    }

    /// <summary>Invalidates tickets of a kind, when newer ones replace them or their purpose has been achieved.</summary>
    public Task WithdrawAsync(TicketKind kind, string userId, CancellationToken cancellation) =>
        db.Set<Ticket>().Where(t => t.Kind == kind && t.UserId == userId).ExecuteDeleteAsync(cancellation);
}
