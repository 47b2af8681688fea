using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Photos.Processing;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Orders;

/// <summary>The original of a deleted photo is kept while an order that names it is open: a print is still made from it, or made again.</summary>
internal sealed class OrderedOriginals(ProofsheetDb db, TimeProvider clock) : IKeepsOriginals
{
    /// <summary>Until it is asked again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromDays(1);

    public async Task<DateTimeOffset?> KeepUntilAsync(Id<Photo> photo, CancellationToken cancellation)
    {
        var isOrdered = await db.Set<Order>().AnyAsync(
            o => o.Status != OrderStatus.Completed && o.Status != OrderStatus.Canceled && o.Status != OrderStatus.Refunded && o.Items.Any(i => i.PhotoId == photo), cancellation);
        return isOrdered ? clock.GetUtcNow() + Pause : null;
    }
}
