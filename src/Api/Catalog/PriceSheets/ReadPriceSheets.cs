using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.PriceSheets;

internal sealed record PriceSheetResponse
{
    public required Id<PriceSheet> Id { get; init; }

    public required string Name { get; init; }

    /// <summary>True for the sheet of galleries that have none of their own.</summary>
    public required bool IsDefault { get; init; }

    public required IReadOnlyList<PriceSheetPriceResponse> Prices { get; init; }

    /// <summary>The studio's own notes.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal sealed record PriceSheetPriceResponse
{
    public required Id<Product> ProductId { get; init; }

    /// <summary>A value for each option of the product.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public required Money Price { get; init; }
}

internal static class ReadPriceSheets
{
    public static void MapReadPriceSheets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/price-sheets", ListAsync)
            .WithName("ListPriceSheets")
            .WithTags("Catalog")
            .WithSummary("List price sheets")
            .WithDescription("With their prices, in the order they were made.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .RequireScope(Scopes.ProductsRead);
        routes.MapGet("/price-sheets/{priceSheetId}", GetAsync)
            .WithName("GetPriceSheet")
            .WithTags("Catalog")
            .WithSummary("Read a price sheet")
            .WithDescription("The ETag is the sheet's version, for If-Match.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.ProductsRead);
    }

    private static Task<Results<Ok<Page<PriceSheetResponse>>, ProblemHttpResult>> ListAsync(
        ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation) =>
        paging.OldestFirstAsync(page, "price-sheets", db.Set<PriceSheet>().AsNoTracking().Include(s => s.Prices).AsSplitQuery(), ToResponse, cancellation);

    private static async Task<Results<Ok<PriceSheetResponse>, ProblemHttpResult>> GetAsync(
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

    public static PriceSheetResponse ToResponse(this PriceSheet sheet) => new()
    {
        Id = sheet.Id,
        Name = sheet.Name,
        IsDefault = sheet.IsDefault,
        Prices = [.. sheet.Prices.OrderBy(p => p.Position).Select(p => new PriceSheetPriceResponse { ProductId = p.ProductId, Options = p.Options, Price = p.Price })],
        Metadata = sheet.Metadata,
        CreatedAt = sheet.CreatedAt,
        UpdatedAt = sheet.UpdatedAt,
    };

    /// <summary>Before another sheet becomes the default, in the same transaction.</summary>
    public static Task<int> UnsetDefaultSheetAsync(this ProofsheetDb db, Id<PriceSheet> but, DateTimeOffset now, CancellationToken cancellation) =>
        db.Set<PriceSheet>().Where(s => s.IsDefault && s.Id != but).ExecuteUpdateAsync(set => set
            .SetProperty(s => s.IsDefault, false)
            .SetProperty(s => s.Version, s => s.Version + 1)
            .SetProperty(s => s.UpdatedAt, now), cancellation);
}
