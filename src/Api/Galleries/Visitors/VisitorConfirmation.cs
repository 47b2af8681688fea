using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>
/// On which devices the person is known to be the client. An invitation's link makes a device the client's visitor, but may have been forwarded; a code
/// that was sent to one of the client's addresses proves it.
/// </summary>
internal static class VisitorConfirmation
{
    /// <summary>
    /// The sessions whose person proved an address that is still a verified one of the visitor's client. An address that was taken from the client and
    /// given back has to be proven again, and so has one that another client has now.
    /// </summary>
    public static IQueryable<VisitorSession> ConfirmedSessions(this ProofsheetDb db) => db.Set<VisitorSession>().Where(s => s.ConfirmedAt != null
        && db.Set<ClientEmail>().Any(e => e.Key == s.ConfirmedEmailKey && e.VerifiedAt <= s.ConfirmedAt
            && db.Set<Visitor>().Any(v => v.Id == s.VisitorId && v.ClientId == e.ClientId)));

    /// <summary>
    /// For what only the client may do. Null if this device may: its visitor is not the main client, the client has no address to prove, or one was proven.
    /// Runs in the transaction that makes the change: signing the device out, merging its visitor and changing the client's addresses wait for that
    /// transaction, or are seen here.
    /// </summary>
    public static async Task<ProblemHttpResult?> RefuseUnconfirmedAsync(this ProofsheetDb db, Caller caller, CancellationToken cancellation)
    {
        _ = Id<VisitorSession>.TryRead(caller.SessionId, out var id);
        var sessions = db.Set<VisitorSession>().Where(s => s.Id == id);
        await db.LockAsync(sessions, cancellation);
        var session = await sessions.AsNoTracking().SingleOrDefaultAsync(cancellation);
        if (session is null || session.RevokedAt is not null)
        {
            return Problems.Unauthorized("expired_credential", "This device was signed out. Open the gallery again.");
        }

        if (session.VisitorId.ToString() != caller.VisitorId)
        {
            throw new DbUpdateConcurrencyException("The device became another visitor in the meantime.");
        }

        var visitor = await db.Set<Visitor>().AsNoTracking().SingleAsync(v => v.Id == session.VisitorId, cancellation);
        if (visitor is not { Role: VisitorRole.Main, ClientId: { } client })
        {
            return null;
        }

        await db.LockAsync(db.Set<Client>().Where(c => c.Id == client), cancellation);
        var mayAct = !await db.Set<ClientEmail>().AnyAsync(e => e.ClientId == client, cancellation) || await db.ConfirmedSessions().AnyAsync(s => s.Id == id, cancellation);
        return mayAct ? null : Problems.Forbidden(
            "confirmation_required",
            "Only the client can do this. Prove one of the client's email addresses on this device with `RequestVisitorCode` and `ConfirmVisitorCode`, then repeat the request.");
    }
}
