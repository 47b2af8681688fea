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
        .WithSummary("Get a cart")
        .WithDescription("Returns the visitor's own cart. Reading changes no price; an item that can no longer be bought says why. The ETag is the cart's version, "
            + "for If-Match.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.VisitorOrder);

    private static async Task<Results<Ok<CartResponse>, ProblemHttpResult>> HandleAsync(
        Id<Cart> cartId, CartChanges carts, CancellationToken cancellation) =>
        await carts.ReadAsync(cartId, cancellation) is { } cart
            ? TypedResults.Ok(await carts.AnswerAsync(cart, cancellation))
            : Problems.NotFound("cart");
}
