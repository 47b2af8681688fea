using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.PriceSheets;

internal static class GetPriceSheet
{
    public static void MapGetPriceSheet(this IEndpointRouteBuilder routes) => routes
        .MapGet("/price-sheets/{priceSheetId}", HandleAsync)
        .WithName("GetPriceSheet")
        .WithTags("Catalog")
        .WithSummary("Get a price sheet")
        .WithDescription("The ETag is the sheet's version, for If-Match.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.ProductsRead);

    private static async Task<Results<Ok<PriceSheetResponse>, ProblemHttpResult>> HandleAsync(
        Id<PriceSheet> priceSheetId, HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var sheet = await db.Set<PriceSheet>().AsNoTracking().Include(s => s.Prices).SingleOrDefaultAsync(s => s.Id == priceSheetId, cancellation);
        if (sheet is null)
        {
            return Problems.NotFound("price sheet");
        }

        ETags.Write(http, sheet);
        return TypedResults.Ok(sheet.ToResponse());
    }
}
