using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>A visitor token opens its gallery as long as the gallery is open and its lock is the one that was opened.</summary>
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
