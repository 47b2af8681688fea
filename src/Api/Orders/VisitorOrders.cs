using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Orders;

/// <summary>Moves orders when two visitors turn out to be one person.</summary>
internal sealed class VisitorOrders(ProofsheetDb db) : IVisitorBelongings
{
    public async Task MoveAsync(Id<Visitor> from, Id<Visitor> to, CancellationToken cancellation)
    {
        var (before, after) = (from.ToString(), to.ToString());
        foreach (var order in await db.Set<Order>().Where(o => o.VisitorId == before).ToListAsync(cancellation))
        {
            order.VisitorId = after;
        }

        await db.SaveChangesAsync(cancellation);
    }
}
