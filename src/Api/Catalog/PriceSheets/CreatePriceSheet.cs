using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.PriceSheets;

internal sealed record CreatePriceSheetRequest
{
    [OneLine, Required, StringLength(100, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>True to use this sheet for all galleries that have none assigned, in place of the previous default.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The studio's own data about the price sheet, such as its id in another system.</summary>
    [Metadata]
    public IReadOnlyDictionary<string, string?>? Metadata { get; init; }
}

internal static class CreatePriceSheet
{
    public static void MapCreatePriceSheet(this IEndpointRouteBuilder routes) => routes
        .MapPost("/price-sheets", HandleAsync)
        .WithName("CreatePriceSheet")
        .WithTags("Catalog")
        .WithSummary("Create a price sheet")
        .WithDescription("The sheet starts without prices; add them with `SetPrices`.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.ProductsWrite);

    private static async Task<Created<PriceSheetResponse>> HandleAsync(
        CreatePriceSheetRequest request, HttpContext http, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var sheet = new PriceSheet { Id = Id<PriceSheet>.New(now), Name = request.Name.Trim(), IsDefault = request.IsDefault, Metadata = Metadata.Kept(request.Metadata), CreatedAt = now };
        await db.InTransactionAsync(async () =>
        {
            if (sheet.IsDefault)
            {
                await db.UnsetDefaultSheetAsync(sheet.Id, now, cancellation);
            }

            db.Add(sheet);
            return await db.SaveChangesAsync(cancellation);
        }, cancellation);

        ETags.Write(http, sheet);
        return TypedResults.Created($"/v1/price-sheets/{sheet.Id}", sheet.ToResponse());
    }
}
