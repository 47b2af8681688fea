using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.PriceSheets;

internal sealed record PriceSheetResponse
{
    public required Id<PriceSheet> Id { get; init; }

    public required string Name { get; init; }

    /// <summary>True for the sheet of galleries that have none assigned.</summary>
    public required bool IsDefault { get; init; }

    public required IReadOnlyList<PriceSheetPriceResponse> Prices { get; init; }

    /// <summary>The studio's own data about the price sheet.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal sealed record PriceSheetPriceResponse
{
    public required Id<Product> ProductId { get; init; }

    /// <summary>One value for each option of the product.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public required Money Price { get; init; }
}

internal static class PriceSheetMapper
{
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

    /// <summary>Call it before another sheet becomes the default, in the same transaction.</summary>
    public static async Task UnsetDefaultSheetAsync(this ProofsheetDb db, Id<PriceSheet> but, DateTimeOffset now, CancellationToken cancellation)
    {
        // Locked first, so that saving meets no change of another request.
        var others = db.Set<PriceSheet>().Where(s => s.IsDefault && s.Id != but);
        await others.ExecuteUpdateAsync(set => set.SetChanged(now), cancellation);
        foreach (var sheet in await others.ToListAsync(cancellation))
        {
            sheet.IsDefault = false;
        }
    }
}
