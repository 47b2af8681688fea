using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Identity.Users.Tickets;

namespace Proofsheet.Identity.Users;

/// <summary>Removes expired sessions, tickets and counters, and accounts that were never confirmed.</summary>
internal sealed class ExpiredUserRows(IdentityDb db) : IExpiredRows
{
    private static readonly TimeSpan UnconfirmedLast = TimeSpan.FromDays(2);

    public async Task<int> RemoveAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var unconfirmed = now - UnconfirmedLast;
        return await db.Set<UserSession>().Where(s => s.ExpiresAt < now).ExecuteDeleteAsync(cancellation)
            + await db.Set<Ticket>().Where(t => t.ExpiresAt < now).ExecuteDeleteAsync(cancellation)
            + await db.Set<AttemptCounter>().Where(c => c.EndsAt < now).ExecuteDeleteAsync(cancellation)
            + await db.Users.Where(u => !u.EmailConfirmed && u.CreatedAt < unconfirmed && !db.Set<Ticket>().Any(t => t.UserId == u.Id)).ExecuteDeleteAsync(cancellation);
    }
}
