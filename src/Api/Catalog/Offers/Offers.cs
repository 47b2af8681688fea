using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.PriceSheets;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.Offers;

/// <summary>What a gallery sells: the active products that have prices on its price sheet.</summary>
internal sealed class Offers(PriceSheet? sheet, IReadOnlyDictionary<Id<Product>, Product> products)
{
    public PriceSheet? Sheet => sheet;

    public IEnumerable<(Product Product, IReadOnlyList<SheetPrice> Prices)> All =>
        from price in sheet?.Prices.OrderBy(p => p.Position) ?? Enumerable.Empty<SheetPrice>()
        where products.TryGetValue(price.ProductId, out var product) && product.Offers(price.Options)
        group price by price.ProductId into prices
        select (products[prices.Key], (IReadOnlyList<SheetPrice>)[.. prices]);

    public Product? Product(Id<Product> id) => All.Select(o => o.Product).FirstOrDefault(p => p.Id == id);

    public SheetPrice? PriceOf(Id<Product> product, IReadOnlyDictionary<string, string> options) =>
        All.Where(o => o.Product.Id == product).SelectMany(o => o.Prices).FirstOrDefault(p => Catalog.Products.Product.SameOptions(p.Options, options));

    public static async Task<Offers> OfAsync(ProofsheetDb db, Gallery gallery, CancellationToken cancellation)
    {
        var sheets = db.Set<PriceSheet>().AsNoTracking().Include(s => s.Prices);
        PriceSheet? sheet = null;
        if (Id<PriceSheet>.TryRead(gallery.PriceSheetId, out var own))
        {
            sheet = await sheets.SingleOrDefaultAsync(s => s.Id == own, cancellation);
        }

        // A deleted sheet counts as not assigned.
        sheet ??= await sheets.Where(s => s.IsDefault).OrderBy(s => s.Id).FirstOrDefaultAsync(cancellation);
        var ids = sheet?.Prices.Select(p => p.ProductId).Distinct().ToList() ?? [];
        var products = await db.Set<Product>().AsNoTracking().Where(p => p.IsActive && ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancellation);
        return new Offers(sheet, products);
    }
}

internal sealed record OfferResponse
{
    public required Id<Product> ProductId { get; init; }

    public required string Name { get; init; }

    public required ProductType Type { get; init; }

    public required string? Description { get; init; }

    public required IReadOnlyList<ProductOption> Options { get; init; }

    /// <summary>The size of a file. Null for prints.</summary>
    public required DigitalSize? DigitalSize { get; init; }

    /// <summary>True if a limited edition is sold out: it is shown but cannot be bought.</summary>
    public required bool IsSoldOut { get; init; }

    public required IReadOnlyList<OfferVariantResponse> Variants { get; init; }
}

/// <summary>One combination of options with its price.</summary>
internal sealed record OfferVariantResponse
{
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public required Money Price { get; init; }

    public required int? WidthMm { get; init; }

    public required int? HeightMm { get; init; }
}
