using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Catalog.PriceSheets;

internal static class ListPriceSheets
{
    public static void MapListPriceSheets(this IEndpointRouteBuilder routes) => routes
        .MapGet("/price-sheets", HandleAsync)
        .WithName("ListPriceSheets")
        .WithTags("Catalog")
        .WithSummary("List price sheets")
        .WithDescription("Oldest first, with their prices.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.ProductsRead);

    private static Task<Results<Ok<Page<PriceSheetResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation) =>
        paging.OldestFirstAsync(page, "price-sheets", db.Set<PriceSheet>().AsNoTracking().Include(s => s.Prices).AsSplitQuery(), PriceSheetMapper.ToResponse, cancellation);
}
