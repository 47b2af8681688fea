using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Auth;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>A visitor token works as long as its session is not revoked, its gallery is open and the gallery's password or PIN has not changed.</summary>
internal sealed class VisitorGate(ProofsheetDb db, TimeProvider clock) : IVisitorGate
{
    public async Task<Visit?> AdmitAsync(VisitorGrant grant, CancellationToken cancellation)
    {
        if (!Id<VisitorSession>.TryRead(grant.SessionId, out var id))
        {
            return null;
        }

        var found = await db.Set<VisitorSession>().AsNoTracking().Where(s => s.Id == id && s.RevokedAt == null)
            .Join(db.Set<Gallery>(), s => s.GalleryId, g => g.Id, (s, g) => new { s.VisitorId, IsConfirmed = s.ConfirmedAt != null, Gallery = g })
            .SingleOrDefaultAsync(cancellation);
        return found is not null && found.Gallery.AccessVersion == grant.AccessVersion && found.Gallery.IsOpenAt(clock.GetUtcNow())
            ? new Visit(found.Gallery.Id.ToString(), found.VisitorId.ToString(), grant.SessionId!, found.IsConfirmed)
            : null;
    }
}
