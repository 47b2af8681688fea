using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.PriceSheets;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.Offers;

internal static class ListGalleryProducts
{
    public static void MapListGalleryProducts(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}/products", HandleAsync)
        .WithName("ListGalleryProducts")
        .WithTags("Catalog")
        .WithSummary("List a gallery's products")
        .WithDescription("Returns the active products with the prices of the gallery's price sheet, or of the studio's default sheet, in the order of the sheet.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.VisitorOrder, Scopes.ProductsRead);

    private static async Task<Results<Ok<Page<OfferResponse>>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, ProofsheetDb db, Cursors cursors, Caller caller, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (Limits.PageSize(limit) is not { } size)
        {
            return PageProblems.BadLimit();
        }

        var list = $"offers:{galleryId}";
        if (!cursors.TryRead(list, cursor, out var after))
        {
            return PageProblems.BadCursor();
        }

        var gallery = caller.Reaches(galleryId) ? await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == galleryId, cancellation) : null;
        if (gallery is null)
        {
            return Problems.NotFound("gallery");
        }

        var offers = await Offers.OfAsync(db, gallery, cancellation);
        // The sheet is read as a whole anyway. If the last product of the previous page has been removed since, its successor has its place.
        var all = offers.All.ToList();
        var begin = 0;
        if (after?.Split(' ') is [var place, var last])
        {
            var at = all.FindIndex(o => o.Product.Id.ToStored() == last);
            begin = at >= 0 ? at + 1 : Math.Min(int.Parse(place, CultureInfo.InvariantCulture), all.Count);
        }

        return TypedResults.Ok(Page<OfferResponse>.From(
            all[begin..], size, o => ToResponse(o.Product, o.Prices), o => cursors.Write(list, $"{Cursors.Number(all.IndexOf(o))} {o.Product.Id.ToStored()}")));
    }

    private static OfferResponse ToResponse(Product product, IReadOnlyList<SheetPrice> prices) => new()
    {
        ProductId = product.Id,
        Name = product.Name,
        Type = product.Type,
        Description = product.Description,
        Options = product.Options,
        DigitalSize = product.DigitalSize,
        IsSoldOut = product.Stock == 0,
        Variants =
        [
            .. prices.Select(p => new OfferVariantResponse
            {
                Options = p.Options,
                Price = p.Price,
                WidthMm = product.SizeOf(p.Options)?.WidthMm,
                HeightMm = product.SizeOf(p.Options)?.HeightMm,
            }),
        ],
    };
}
