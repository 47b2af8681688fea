using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Carts;

/// <summary>Moves carts when two visitors turn out to be one person.</summary>
internal sealed class VisitorCarts(ProofsheetDb db) : IVisitorBelongings
{
    public async Task MoveAsync(Id<Visitor> from, Id<Visitor> to, CancellationToken cancellation)
    {
        var (before, after) = (from.ToString(), to.ToString());
        foreach (var cart in await db.Set<Cart>().Where(c => c.VisitorId == before).ToListAsync(cancellation))
        {
            cart.VisitorId = after;
        }

        await db.SaveChangesAsync(cancellation);
    }
}
