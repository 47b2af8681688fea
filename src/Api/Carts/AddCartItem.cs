using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Offers;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Carts;

internal sealed record AddCartItemRequest
{
    public required Id<Photo> PhotoId { get; init; }

    public required Id<Product> ProductId { get; init; }

    /// <summary>One value for each option of the product.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Always 1 for files.</summary>
    [Range(1, CartItem.MaxQuantity)]
    public int Quantity { get; init; } = 1;

    /// <summary>For prints only. If it is missing, as much of the photo as fits is printed.</summary>
    public Crop? Crop { get; init; }
}

internal static class AddCartItem
{
    public static void MapAddCartItem(this IEndpointRouteBuilder routes) => routes
        .MapPost("/carts/{cartId}/items", HandleAsync)
        .WithName("AddCartItem")
        .WithTags("Carts")
        .WithSummary("Add an item to a cart")
        .WithDescription("Adds a photo as one of the gallery's products, at its current price, which is valid until the cart's quote expires.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.VisitorOrder);

    private static async Task<Results<Created<CartResponse>, ProblemHttpResult>> HandleAsync(
        Id<Cart> cartId, AddCartItemRequest request, CartChanges carts, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var changed = await carts.ChangeAsync(cartId, cart => AddAsync(cart, request, db, clock, cancellation), cancellation);
        return changed.Result is Ok<CartResponse> { Value: { } cart }
            ? TypedResults.Created($"/v1/carts/{cart.Id}", cart)
            : (ProblemHttpResult)changed.Result;
    }

    private static async Task<ProblemHttpResult?> AddAsync(Cart cart, AddCartItemRequest request, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var photo = await db.Set<Photo>().AsNoTracking().SingleOrDefaultAsync(p => p.Id == request.PhotoId && p.GalleryId == cart.GalleryId, cancellation);
        if (photo is null || !photo.IsShown)
        {
            return Problems.NotFound("photo in this gallery");
        }

        var gallery = await db.Set<Gallery>().AsNoTracking().SingleAsync(g => g.Id == cart.GalleryId, cancellation);
        var offers = await Offers.OfAsync(db, gallery, cancellation);
        if (offers.Product(request.ProductId) is not { } product)
        {
            return Problems.NotFound("product in this gallery");
        }

        if (product.Spell(request.Options) is not { } options || offers.PriceOf(product.Id, options) is not { } price)
        {
            return Problems.Rule("unknown_option", "The product is not sold with these options here.", "options");
        }

        if (product.Type == ProductType.Digital && (request.Quantity != 1 || request.Crop is not null))
        {
            return Problems.Rule("digital_item_once", "A file is bought once and whole: quantity 1, no crop.", request.Crop is null ? "quantity" : "crop");
        }

        if (product.Type == ProductType.Digital && cart.Items.Any(i => i.PhotoId == photo.Id && i.ProductId == product.Id && Product.SameOptions(i.Options, options)))
        {
            return Problems.Conflict("item_in_cart", "This file is in the cart already.");
        }

        if (cart.Items.Count >= Cart.MaxItems)
        {
            return Problems.Rule("cart_full", $"A cart holds {Cart.MaxItems} items at most.");
        }

        if (product.Stock < request.Quantity + cart.Items.Where(i => i.ProductId == product.Id).Sum(i => i.Quantity))
        {
            return Problems.Conflict("sold_out", "Fewer of this product are left.");
        }

        var size = product.SizeOf(options);
        var item = new CartItem
        {
            Id = Id<CartItem>.New(clock.GetUtcNow()),
            CartId = cart.Id,
            PhotoId = photo.Id,
            ProductId = product.Id,
            Type = product.Type,
            ProductName = product.Name,
            Options = options,
            DigitalSize = product.DigitalSize,
            WidthMm = size?.WidthMm,
            HeightMm = size?.HeightMm,
            Quantity = request.Quantity,
            UnitAmount = price.Amount,
            Crop = request.Crop,
        };
        cart.Items.Add(item);
        db.Add(item);
        return null;
    }
}
