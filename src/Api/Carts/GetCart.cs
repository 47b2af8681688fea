using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Carts;

internal static class GetCart
{
    public static void MapGetCart(this IEndpointRouteBuilder routes) => routes
        .MapGet("/carts/{cartId}", HandleAsync)
        .WithName("GetCart")
        .WithTags("Carts")
        .WithSummary("Read a cart")
        .WithDescription("The visitor's own. Reading changes no price; an item that can no longer be bought says why. The ETag is its version, for If-Match.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.VisitorOrder);

    private static async Task<Results<Ok<CartResponse>, ProblemHttpResult>> HandleAsync(
        Id<Cart> cartId, CartChanges carts, CancellationToken cancellation) =>
        await carts.ReadAsync(cartId, cancellation) is { } cart
            ? TypedResults.Ok(await carts.AnswerAsync(cart, cancellation))
            : Problems.NotFound("cart");
}
