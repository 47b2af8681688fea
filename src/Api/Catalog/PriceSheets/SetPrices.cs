using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.PriceSheets;

internal sealed record SetPricesRequest
{
    [MaxLength(2_000)]
    public required IReadOnlyList<PriceEntry> Prices { get; init; }
}

internal sealed record PriceEntry
{
    public required Id<Product> ProductId { get; init; }

    /// <summary>One value for each option of the product.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>In the studio's currency; 0 makes it free. At most the `maxAmount` of the currency in the document's `x-currencies`.</summary>
    public required Money Price { get; init; }
}

internal static class SetPrices
{
    public static void MapSetPrices(this IEndpointRouteBuilder routes) => routes
        .MapPut("/price-sheets/{priceSheetId}/prices", HandleAsync)
        .WithName("SetPrices")
        .WithTags("Catalog")
        .WithSummary("Set the prices of a price sheet")
        .WithDescription("Replaces all prices of the sheet. Carts keep their quoted prices until their quote expires.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.ProductsWrite);

    private static async Task<Results<Ok<PriceSheetResponse>, ProblemHttpResult>> HandleAsync(
        Id<PriceSheet> priceSheetId, SetPricesRequest request, HttpContext http, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
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

        var currency = await db.Set<Studio>().Select(s => s.Currency).SingleAsync(cancellation);
        var ids = request.Prices.Select(p => p.ProductId).Distinct().ToList();
        var products = await db.Set<Product>().AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancellation);
        var prices = request.Prices.Select(p => p with { Options = products.GetValueOrDefault(p.ProductId)?.Spell(p.Options) ?? p.Options }).ToList();
        for (var i = 0; i < prices.Count; i++)
        {
            if (Refusal(prices, i, products, currency) is { } refusal)
            {
                return refusal;
            }
        }

        var now = clock.GetUtcNow();
        db.RemoveRange(sheet.Prices);
        sheet.Prices.Clear();
        sheet.Prices.AddRange(prices.Select((p, i) => new SheetPrice
        {
            Id = Id<SheetPrice>.New(now),
            PriceSheetId = sheet.Id,
            ProductId = p.ProductId,
            Options = p.Options,
            Amount = p.Price.Amount,
            Currency = currency,
            Position = i,
        }));
        // The sheet's version must also change if only its prices did.
        sheet.UpdatedAt = now;
        db.AddRange(sheet.Prices);
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, sheet);
        return TypedResults.Ok(sheet.ToResponse());
    }

    private static ProblemHttpResult? Refusal(
        List<PriceEntry> prices, int index, Dictionary<Id<Product>, Product> products, string currency)
    {
        var price = prices[index];
        var field = $"prices[{index}]";
        if (!products.TryGetValue(price.ProductId, out var product))
        {
            return Problems.NotFound($"product for {field}");
        }

        if (price.Price.Currency != currency)
        {
            return Problems.Rule("currency_mismatch", $"This studio sells in {currency}.", field + ".price.currency");
        }

        if (price.Price.Amount < 0 || price.Price.Amount > Currencies.MaxAmount(currency))
        {
            return Problems.Rule("price_not_acceptable", $"A price is 0 to {Currencies.MaxAmountText(currency)}.", field + ".price.amount");
        }

        if (!product.Offers(price.Options))
        {
            return Problems.Rule("unknown_option", "A price names one value of each option of its product.", field + ".options");
        }

        return prices.Take(index).Any(p => p.ProductId == price.ProductId && Product.SameOptions(p.Options, price.Options))
            ? Problems.Rule("duplicate_price", "Each combination of options has one price.", field)
            : null;
    }
}
