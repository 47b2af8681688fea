using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Carts;

/// <summary>What all changes of a cart have in common: the cart is the visitor's own and not ordered yet, and changes run one after the other.</summary>
internal sealed class CartChanges(ProofsheetDb db, Caller caller, IHttpContextAccessor http, TimeProvider clock)
{
    /// <summary>The visitor's own cart, locked until the open transaction ends.</summary>
    public async Task<Cart?> TakeAsync(Id<Cart> cartId, CancellationToken cancellation)
    {
        var visitor = caller.VisitorId;
        var taken = await db.LockAsync(db.Set<Cart>().Where(c => c.Id == cartId && c.VisitorId == visitor), cancellation);
        return taken == 0 ? null : await FindAsync(db.Set<Cart>(), cartId, cancellation);
    }

    public Task<Cart?> ReadAsync(Id<Cart> cartId, CancellationToken cancellation) => FindAsync(db.Set<Cart>().AsNoTracking(), cartId, cancellation);

    /// <summary>Changes an open cart. If <paramref name="change"/> refuses, the cart stays as it was.</summary>
    public Task<Results<Ok<CartResponse>, ProblemHttpResult>> ChangeAsync(
        Id<Cart> cartId, Func<Cart, Task<ProblemHttpResult?>> change, CancellationToken cancellation) =>
        db.InTransactionAsync<Results<Ok<CartResponse>, ProblemHttpResult>>(async () =>
        {
            var cart = await TakeAsync(cartId, cancellation);
            if (cart is null)
            {
                return Problems.NotFound("cart");
            }

            if (cart.IsOrdered)
            {
                return Ordered();
            }

            if (!ETags.IfMatch(http.HttpContext!, cart))
            {
                return Problems.PreconditionFailed();
            }

            if (await change(cart) is { } refusal)
            {
                return refusal;
            }

            // Changes of items also count as changes of the cart's version.
            cart.UpdatedAt = clock.GetUtcNow();
            await db.SaveChangesAsync(cancellation);
            return TypedResults.Ok(await AnswerAsync(cart, cancellation));
        }, cancellation);

    /// <summary>The response for the cart, with its version as ETag.</summary>
    public Task<CartResponse> AnswerAsync(Cart cart, CancellationToken cancellation)
    {
        ETags.Write(http.HttpContext!, cart);
        return cart.ToResponseAsync(db, clock.GetUtcNow(), cancellation);
    }

    public static ProblemHttpResult Ordered() => Problems.Conflict("cart_ordered", "This cart became an order. Begin another one with `CreateCart`.");

    private async Task<Cart?> FindAsync(IQueryable<Cart> carts, Id<Cart> cartId, CancellationToken cancellation)
    {
        var visitor = caller.VisitorId;
        var cart = await carts.Include(c => c.Items).SingleOrDefaultAsync(c => c.Id == cartId && c.VisitorId == visitor, cancellation);
        cart?.Items.Sort((a, b) => a.Id.CompareTo(b.Id));
        return cart;
    }
}
