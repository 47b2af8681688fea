using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Carts;

internal static class RemoveCartItem
{
    public static void MapRemoveCartItem(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/carts/{cartId}/items/{itemId}", HandleAsync)
        .WithName("RemoveCartItem")
        .WithTags("Carts")
        .WithSummary("Remove an item from a cart")
        .WithDescription("Returns the cart without the item.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .TakesIfMatch()
        .RequireScope(Scopes.VisitorOrder);

    private static Task<Results<Ok<CartResponse>, ProblemHttpResult>> HandleAsync(
        Id<Cart> cartId, Id<CartItem> itemId, CartChanges carts, ProofsheetDb db, CancellationToken cancellation) =>
        carts.ChangeAsync(cartId, cart =>
        {
            if (cart.Items.FirstOrDefault(i => i.Id == itemId) is not { } item)
            {
                return Task.FromResult<ProblemHttpResult?>(Problems.NotFound("item in this cart"));
            }

            cart.Items.Remove(item);
            db.Remove(item);
            return Task.FromResult<ProblemHttpResult?>(null);
        }, cancellation);
}
