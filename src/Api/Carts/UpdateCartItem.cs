using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Carts;

internal sealed record UpdateCartItemRequest
{
    [Range(1, CartItem.MaxQuantity)]
    public required int Quantity { get; init; }

    public required Crop? Crop { get; init; }
}

internal static class UpdateCartItem
{
    public static void MapUpdateCartItem(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/carts/{cartId}/items/{itemId}", HandleAsync)
        .WithName("UpdateCartItem")
        .WithTags("Carts")
        .WithSummary("Change the quantity or crop of an item")
        .WithDescription("A JSON merge patch. To change options, add another item.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.VisitorOrder);

    private static Task<Results<Ok<CartResponse>, ProblemHttpResult>> HandleAsync(
        Id<Cart> cartId, Id<CartItem> itemId, MergePatch<UpdateCartItemRequest> patch, CartChanges carts, ProofsheetDb db, CancellationToken cancellation) =>
        carts.ChangeAsync(cartId, async cart =>
        {
            if (cart.Items.FirstOrDefault(i => i.Id == itemId) is not { } item)
            {
                return Problems.NotFound("item in this cart");
            }

            var wanted = patch.ApplyTo(new UpdateCartItemRequest { Quantity = item.Quantity, Crop = item.Crop });
            if (item.Type == ProductType.Digital && (wanted.Quantity != 1 || wanted.Crop is not null))
            {
                return Problems.Rule("digital_item_once", "A file is bought once and whole: quantity 1, no crop.", wanted.Crop is null ? "quantity" : "crop");
            }

            var others = cart.Items.Where(i => i.ProductId == item.ProductId && i.Id != item.Id).Sum(i => i.Quantity);
            if (wanted.Quantity > item.Quantity
                && await db.Set<Product>().AnyAsync(p => p.Id == item.ProductId && p.Stock < wanted.Quantity + others, cancellation))
            {
                return Problems.Conflict("sold_out", "Fewer of this product are left.");
            }

            (item.Quantity, item.Crop) = (wanted.Quantity, wanted.Crop);
            return null;
        }, cancellation);
}
