using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>A visitor token works as long as its gallery is open and the gallery's password or PIN has not changed.</summary>
internal sealed class VisitorGate(ProofsheetDb db, TimeProvider clock) : IVisitorGate
{
    public async Task<bool> StillOpenAsync(string galleryId, int accessVersion, CancellationToken cancellation)
    {
        if (!Id<Gallery>.TryRead(galleryId, out var id))
        {
            return false;
        }

        var gallery = await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == id, cancellation);
        return gallery is not null && gallery.AccessVersion == accessVersion && gallery.IsOpenAt(clock.GetUtcNow());
    }
}
