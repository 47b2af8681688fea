using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;

namespace Proofsheet.Api.Catalog.Discounts;

internal static class ListDiscounts
{
    public static void MapListDiscounts(this IEndpointRouteBuilder routes) => routes
        .MapGet("/discounts", HandleAsync)
        .WithName("ListDiscounts")
        .WithTags("Catalog")
        .WithSummary("List discount codes")
        .WithDescription("Oldest first.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.ProductsRead);

    private static async Task<Results<Ok<Page<DiscountResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation)
    {
        var currency = await db.Set<Studio>().Select(s => s.Currency).SingleAsync(cancellation);
        return await paging.OldestFirstAsync(page, "discounts", db.Set<Discount>().AsNoTracking(), d => d.ToResponse(currency), cancellation);
    }
}
