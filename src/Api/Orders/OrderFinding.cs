using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Discounts;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Orders;

/// <summary>Finds orders for reading, and locks orders for a change.</summary>
internal static class OrderFinding
{
    /// <summary>
    /// All of a studio's orders for the studio's credentials, and a visitor's own for a visitor: those of this device, and those of the visitor's other
    /// devices that were made with an address of the client that the person proved to be on this one, because an invitation may have been forwarded. A
    /// token of one order opens just that.
    /// </summary>
    public static IQueryable<Order> OrdersFor(this ProofsheetDb db, Caller caller)
    {
        var orders = db.Set<Order>().AsQueryable();
        if (caller.IsVisitor)
        {
            var (visitor, session, isConfirmed, only) = (caller.VisitorId, caller.SessionId, caller.IsConfirmed, caller.OrderId);
            _ = Id<Visitor>.TryRead(visitor, out var person);
            _ = Id<Order>.TryRead(only, out var order);
            var proven = db.Set<ClientEmail>().Where(e => isConfirmed && e.VerifiedAt != null && db.Set<Visitor>().Any(v => v.Id == person && v.ClientId == e.ClientId));
            orders = only is not null
                ? orders.Where(o => o.Id == order)
                : orders.Where(o => o.SessionId == session || (o.VisitorId == visitor && proven.Any(e => e.Key == o.EmailKey)));
        }

        return orders;
    }

    public static Task<Order?> FindOrderAsync(this ProofsheetDb db, Caller caller, Id<Order> orderId, CancellationToken cancellation) =>
        db.OrdersFor(caller).AsNoTracking().Include(o => o.Items).Include(o => o.Payment).SingleOrDefaultAsync(o => o.Id == orderId, cancellation);

    /// <summary>Call it inside a transaction: nobody else can change the order until it ends. Null if there is no such order.</summary>
    public static async Task<Order?> TakeOrderAsync(this ProofsheetDb db, Id<Order> orderId, CancellationToken cancellation)
    {
        await db.LockAsync(db.Set<Order>().Where(o => o.Id == orderId), cancellation);
        // What the context loaded before it got the lock may be outdated.
        db.ChangeTracker.Clear();
        var order = await db.Set<Order>().Include(o => o.Items).Include(o => o.Payment).ThenInclude(p => p!.Attempts).SingleOrDefaultAsync(o => o.Id == orderId, cancellation);
        order?.Payment?.Attempts.Sort((a, b) => a.Id.CompareTo(b.Id));
        return order;
    }

    /// <summary>Releases what an unpaid order reserved when it was placed: the redemption of its discount and the stock of limited editions.</summary>
    public static async Task ReleaseAsync(this ProofsheetDb db, Order order, CancellationToken cancellation)
    {
        if (order.QuotedDiscount is { } discount)
        {
            await db.Set<Discount>().ReleaseAsync(discount.Id, cancellation);
        }

        foreach (var items in order.Items.GroupBy(i => i.ProductId).OrderBy(g => g.Key))
        {
            var quantity = items.Sum(i => i.Quantity);
            await db.Set<Product>().Where(p => p.Id == items.Key && p.Stock != null)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.Stock, p => p.Stock + quantity), cancellation);
        }
    }
}
