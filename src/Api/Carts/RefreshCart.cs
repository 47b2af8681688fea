using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Catalog.Discounts;
using Proofsheet.Api.Catalog.Offers;
using Proofsheet.Api.Catalog.Settings;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Carts;

internal static class RefreshCart
{
    public static void MapRefreshCart(this IEndpointRouteBuilder routes) => routes
        .MapPost("/carts/{cartId}/refresh", HandleAsync)
        .WithName("RefreshCart")
        .WithTags("Carts")
        .WithSummary("Refresh the quote of a cart")
        .WithDescription("Applies current prices, tax and shipping and starts a new quote period. A discount that has ended is removed. An item that is no longer "
            + "sold stays in the cart and says so.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .TakesIfMatch()
        .RequireScope(Scopes.VisitorOrder);

    private static Task<Results<Ok<CartResponse>, ProblemHttpResult>> HandleAsync(
        Id<Cart> cartId, CartChanges carts, ProofsheetDb db, IOptions<CartOptions> options, TimeProvider clock, CancellationToken cancellation) =>
        carts.ChangeAsync(cartId, async cart =>
        {
            var now = clock.GetUtcNow();
            var gallery = await db.Set<Gallery>().AsNoTracking().SingleAsync(g => g.Id == cart.GalleryId, cancellation);
            var offers = await Offers.OfAsync(db, gallery, cancellation);
            cart.Quote(await db.CommerceSettingsAsync(cancellation), offers.Sheet, now.AddHours(options.Value.QuoteHours));
            foreach (var item in cart.Items)
            {
                Refresh(item, offers);
            }

            if (cart.Discount is { } quoted)
            {
                var discount = await db.Set<Discount>().AsNoTracking().SingleOrDefaultAsync(d => d.Id == quoted.Id, cancellation);
                cart.Discount = discount is { HasRedemptionsLeft: true } && discount.IsLiveAt(now) ? discount.Quote() : null;
            }

            return null;
        }, cancellation);

    private static void Refresh(CartItem item, Offers offers)
    {
        var price = offers.PriceOf(item.ProductId, item.Options);
        item.IsOffered = price is not null;
        if (price is null || offers.Product(item.ProductId) is not { } product)
        {
            return;
        }

        var size = product.SizeOf(item.Options);
        (item.ProductName, item.UnitAmount, item.DigitalSize) = (product.Name, price.Amount, product.DigitalSize);
        (item.WidthMm, item.HeightMm) = (size?.WidthMm, size?.HeightMm);
    }
}
