using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Carts;

internal sealed record SetCartShippingRequest
{
    /// <summary>One of the cart's shippingMethods.</summary>
    [Required, StringLength(40, MinimumLength = 1)]
    public required string ShippingMethodId { get; init; }
}

internal static class SetCartShipping
{
    public static void MapSetCartShipping(this IEndpointRouteBuilder routes) => routes
        .MapPut("/carts/{cartId}/shipping", HandleAsync)
        .WithName("SetCartShipping")
        .WithTags("Carts")
        .WithSummary("Choose how prints are shipped")
        .WithDescription("The price is that of the cart's quote. Shipping costs nothing while the cart contains only files.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.VisitorOrder);

    private static Task<Results<Ok<CartResponse>, ProblemHttpResult>> HandleAsync(
        Id<Cart> cartId, SetCartShippingRequest request, CartChanges carts, CancellationToken cancellation) =>
        carts.ChangeAsync(cartId, cart =>
        {
            if (cart.ShippingMethods.All(m => m.Id != request.ShippingMethodId))
            {
                return Task.FromResult<ProblemHttpResult?>(Problems.Rule("shipping_method_unknown", "The cart lists its shipping methods.", "shippingMethodId"));
            }

            cart.ShippingMethodId = request.ShippingMethodId;
            return Task.FromResult<ProblemHttpResult?>(null);
        }, cancellation);
}
