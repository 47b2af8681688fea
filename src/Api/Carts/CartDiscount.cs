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
    /// <summary>Upper and lower case are the same.</summary>
    [Required, StringLength(40, MinimumLength = 1)]
    public required string Code { get; init; }
}

internal static class CartDiscount
{
    public static void MapCartDiscount(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/carts/{cartId}/discount", SetAsync)
            .WithName("SetCartDiscount")
            .WithTags("Carts")
            .WithSummary("Use a discount code")
            .WithDescription("In place of the one before. It counts as redeemed only at checkout, so it may be used up until then.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .TakesIfMatch()
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .RequireScope(Scopes.VisitorOrder);
        routes.MapDelete("/carts/{cartId}/discount", RemoveAsync)
            .WithName("RemoveCartDiscount")
            .WithTags("Carts")
            .WithSummary("Take the discount off a cart")
            .WithDescription("Answers the cart without it; a cart that has none stays as it is.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .TakesIfMatch()
            .RequireScope(Scopes.VisitorOrder);
    }

    private static Task<Results<Ok<CartResponse>, ProblemHttpResult>> SetAsync(
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

    private static Task<Results<Ok<CartResponse>, ProblemHttpResult>> RemoveAsync(Id<Cart> cartId, CartChanges carts, CancellationToken cancellation) =>
        carts.ChangeAsync(cartId, cart =>
        {
            cart.Discount = null;
            return Task.FromResult<ProblemHttpResult?>(null);
        }, cancellation);

    public static QuotedDiscount Quote(this Discount discount) =>
        new(discount.Id, discount.Code, discount.Type, discount.Percent, discount.Amount, discount.MinimumSubtotal);
}
