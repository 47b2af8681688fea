using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Discounts;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Carts;

internal sealed record SetCartDiscountRequest
{
    /// <summary>Not case-sensitive.</summary>
    [Required, StringLength(40, MinimumLength = 1)]
    public required string Code { get; init; }
}

internal static class SetCartDiscount
{
    public static void MapSetCartDiscount(this IEndpointRouteBuilder routes) => routes
        .MapPut("/carts/{cartId}/discount", HandleAsync)
        .WithName("SetCartDiscount")
        .WithTags("Carts")
        .WithSummary("Apply a discount code to a cart")
        .WithDescription("Replaces the previous code. The code is redeemed only at checkout, so it may be used up by then. A code with a minimum can be set "
            + "before the subtotal reaches it; `unmetDiscountMinimum` then tells what is missing.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.VisitorOrder);

    private static Task<Results<Ok<CartResponse>, ProblemHttpResult>> HandleAsync(
        Id<Cart> cartId, SetCartDiscountRequest request, CartChanges carts, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation) =>
        carts.ChangeAsync(cartId, async cart =>
        {
            var code = Discount.Normalize(request.Code);
            var discount = await db.Set<Discount>().AsNoTracking().SingleOrDefaultAsync(d => d.Code == code, cancellation);
            if (discount is null || !discount.IsLiveAt(clock.GetUtcNow()))
            {
                return Problems.Rule("discount_unknown", "There is no such code, or it does not hold now.", "code");
            }

            if (!discount.HasRedemptionsLeft)
            {
                return Problems.Rule("discount_used_up", "This code has been used as often as it may.", "code");
            }

            cart.Discount = discount.Quote();
            return null;
        }, cancellation);
}
