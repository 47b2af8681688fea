using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.GalleryDownloads;

/// <summary>Moves downloads when two visitors turn out to be one person.</summary>
internal sealed class VisitorDownloads(ProofsheetDb db) : IVisitorBelongings
{
    public async Task MoveAsync(Id<Visitor> from, Id<Visitor> to, CancellationToken cancellation)
    {
        foreach (var download in await db.Set<GalleryDownload>().Where(d => d.VisitorId == from).ToListAsync(cancellation))
        {
            download.VisitorId = to;
        }

        await db.SaveChangesAsync(cancellation);
    }
}
