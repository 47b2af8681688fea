using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Catalog.Offers;
using Proofsheet.Api.Catalog.Settings;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Carts;

internal static class CreateCart
{
    public static void MapCreateCart(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/carts", HandleAsync)
        .WithName("CreateCart")
        .WithTags("Carts")
        .WithSummary("Create a cart")
        .WithDescription("Creates an empty cart with a quote: current tax and shipping, and for each item its price when it is added. They are valid until "
            + "quoteExpiresAt.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.VisitorOrder);

    private static async Task<Results<Created<CartResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, ProofsheetDb db, Caller caller, CartChanges carts, IOptions<CartOptions> options, TimeProvider clock, CancellationToken cancellation)
    {
        var gallery = caller.Reaches(galleryId) ? await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == galleryId, cancellation) : null;
        if (gallery is null)
        {
            return Problems.NotFound("gallery");
        }

        var now = clock.GetUtcNow();
        var offers = await Offers.OfAsync(db, gallery, cancellation);
        var cart = new Cart
        {
            Id = Id<Cart>.New(now),
            GalleryId = galleryId,
            VisitorId = caller.VisitorId!,
            Currency = await db.Set<Studio>().Select(s => s.Currency).SingleAsync(cancellation),
            CreatedAt = now,
            UpdatedAt = now,
        };
        cart.Quote(await db.CommerceSettingsAsync(cancellation), offers.Sheet, now.AddHours(options.Value.QuoteHours));
        db.Add(cart);
        await db.SaveChangesAsync(cancellation);

        return TypedResults.Created($"/v1/carts/{cart.Id}", await carts.AnswerAsync(cart, cancellation));
    }
}
