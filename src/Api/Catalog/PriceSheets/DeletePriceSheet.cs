using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.PriceSheets;

internal static class DeletePriceSheet
{
    public static void MapDeletePriceSheet(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/price-sheets/{priceSheetId}", HandleAsync)
        .WithName("DeletePriceSheet")
        .WithTags("Catalog")
        .WithSummary("Delete a price sheet")
        .WithDescription("The deletion is permanent. Galleries that used the sheet then use the default sheet; orders keep their prices.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.ProductsWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Id<PriceSheet> priceSheetId, ProofsheetDb db, CancellationToken cancellation)
    {
        var sheet = await db.Set<PriceSheet>().Include(s => s.Prices).SingleOrDefaultAsync(s => s.Id == priceSheetId, cancellation);
        if (sheet is null)
        {
            return Problems.NotFound("price sheet");
        }

        db.Remove(sheet);
        await db.SaveChangesAsync(cancellation);
        return TypedResults.NoContent();
    }
}
