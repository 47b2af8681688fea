using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Carts;

internal static class RemoveCartDiscount
{
    public static void MapRemoveCartDiscount(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/carts/{cartId}/discount", HandleAsync)
        .WithName("RemoveCartDiscount")
        .WithTags("Carts")
        .WithSummary("Remove the discount from a cart")
        .WithDescription("Returns the cart without its discount. A cart that has none is not changed.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .TakesIfMatch()
        .RequireScope(Scopes.VisitorOrder);

    private static Task<Results<Ok<CartResponse>, ProblemHttpResult>> HandleAsync(Id<Cart> cartId, CartChanges carts, CancellationToken cancellation) =>
        carts.ChangeAsync(cartId, cart =>
        {
            cart.Discount = null;
            return Task.FromResult<ProblemHttpResult?>(null);
        }, cancellation);
}
