using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.PriceSheets;

internal sealed record UpdatePriceSheetRequest
{
    [OneLine, Required, StringLength(100, MinimumLength = 1)]
    public required string Name { get; init; }

    public required bool IsDefault { get; init; }

    /// <summary>The studio's own data about the price sheet. A null value removes a key.</summary>
    [Metadata]
    public required IReadOnlyDictionary<string, string?> Metadata { get; init; }
}

internal static class UpdatePriceSheet
{
    public static void MapUpdatePriceSheet(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/price-sheets/{priceSheetId}", HandleAsync)
        .WithName("UpdatePriceSheet")
        .WithTags("Catalog")
        .WithSummary("Rename a price sheet or make it the default")
        .WithDescription("A JSON merge patch. Making this sheet the default replaces the previous default.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .TakesIfMatch()
        .RequireScope(Scopes.ProductsWrite);

    private static async Task<Results<Ok<PriceSheetResponse>, ProblemHttpResult>> HandleAsync(
        Id<PriceSheet> priceSheetId, MergePatch<UpdatePriceSheetRequest> patch, HttpContext http, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var sheet = await db.Set<PriceSheet>().Include(s => s.Prices).SingleOrDefaultAsync(s => s.Id == priceSheetId, cancellation);
        if (sheet is null)
        {
            return Problems.NotFound("price sheet");
        }

        if (!ETags.IfMatch(http, sheet))
        {
            return Problems.PreconditionFailed();
        }

        var wanted = patch.ApplyTo(new UpdatePriceSheetRequest { Name = sheet.Name, IsDefault = sheet.IsDefault, Metadata = Metadata.Present(sheet.Metadata) });
        (sheet.Name, sheet.IsDefault, sheet.Metadata) = (wanted.Name.Trim(), wanted.IsDefault, Metadata.Kept(wanted.Metadata));
        await db.InTransactionAsync(async () =>
        {
            if (sheet.IsDefault)
            {
                await db.UnsetDefaultSheetAsync(sheet.Id, clock.GetUtcNow(), cancellation);
            }

            return await db.SaveChangesAsync(cancellation);
        }, cancellation);

        ETags.Write(http, sheet);
        return TypedResults.Ok(sheet.ToResponse());
    }
}
