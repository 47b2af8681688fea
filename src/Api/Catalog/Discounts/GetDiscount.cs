using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.Discounts;

internal static class GetDiscount
{
    public static void MapGetDiscount(this IEndpointRouteBuilder routes) => routes
        .MapGet("/discounts/{discountId}", HandleAsync)
        .WithName("GetDiscount")
        .WithTags("Catalog")
        .WithSummary("Get a discount code")
        .WithDescription("The ETag is the discount's version, for If-Match; redemptions do not change it.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.ProductsRead);

    private static async Task<Results<Ok<DiscountResponse>, ProblemHttpResult>> HandleAsync(
        Id<Discount> discountId, HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var discount = await db.Set<Discount>().AsNoTracking().SingleOrDefaultAsync(d => d.Id == discountId, cancellation);
        if (discount is null)
        {
            return Problems.NotFound("discount");
        }

        ETags.Write(http, discount);
        return TypedResults.Ok(discount.ToResponse(await db.Set<Studio>().Select(s => s.Currency).SingleAsync(cancellation)));
    }
}
