using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Auth;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>A visitor token works as long as its session is not revoked, its gallery is open and the gallery's password or PIN has not changed.</summary>
internal sealed class VisitorGate(ProofsheetDb db, TimeProvider clock) : IVisitorGate
{
    public async Task<Visit?> AdmitAsync(VisitorGrant grant, CancellationToken cancellation) =>
        Id<VisitorSession>.TryRead(grant.SessionId, out var id) && await Find(db, id).SingleOrDefaultAsync(cancellation) is { } found
            && found.AccessVersion == grant.AccessVersion && found.Opening.IsOpenAt(clock.GetUtcNow())
            ? new Visit(found.GalleryId.ToString(), found.VisitorId.ToString(), grant.SessionId!, found.IsConfirmed)
            : null;

    /// <summary>Only the columns that the decision needs, because every request of a visitor reads them.</summary>
    internal static IQueryable<Found> Find(ProofsheetDb db, Id<VisitorSession> id)
    {
        var confirmed = db.ConfirmedSessions();
        return db.Set<VisitorSession>().Where(s => s.Id == id && s.RevokedAt == null).Join(
            db.Set<Gallery>(),
            s => s.GalleryId,
            g => g.Id,
            (s, g) => new Found(s.VisitorId, confirmed.Any(c => c.Id == s.Id), g.Id, g.AccessVersion, new GalleryOpening(g.Stage, g.ExpiresAt, g.DeletedAt)));
    }

    internal sealed record Found(Id<Visitor> VisitorId, bool IsConfirmed, Id<Gallery> GalleryId, int AccessVersion, GalleryOpening Opening);
}
