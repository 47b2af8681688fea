using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Discounts;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Catalog.Settings;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Carts;

internal enum CartStatus
{
    Open,

    /// <summary>It became an order.</summary>
    Ordered,

    /// <summary>The quote has expired; RefreshCart applies current prices.</summary>
    Expired,
}

internal enum CartItemProblem
{
    /// <summary>The photo was hidden or deleted.</summary>
    PhotoUnavailable,

    /// <summary>The product is no longer sold, or not with these options.</summary>
    ProductUnavailable,

    /// <summary>Fewer are left than the cart contains.</summary>
    SoldOut,
}

internal sealed record CartItemResponse
{
    public required Id<CartItem> Id { get; init; }

    public required Id<Photo> PhotoId { get; init; }

    public required Id<Product> ProductId { get; init; }

    public required string ProductName { get; init; }

    public required ProductType Type { get; init; }

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>The width of a print's picture area in millimeters. Null for files.</summary>
    public required int? WidthMm { get; init; }

    public required int? HeightMm { get; init; }

    public required int Quantity { get; init; }

    public required Money UnitPrice { get; init; }

    /// <summary>The unit price times the quantity, before the discount.</summary>
    public required Money LineTotal { get; init; }

    public required Crop? Crop { get; init; }

    /// <summary>Why this item cannot be bought now. Null if it can.</summary>
    public required CartItemProblem? Problem { get; init; }
}

/// <summary>A cart's subtotal is below the minimum of its discount code, so nothing is deducted yet.</summary>
internal sealed record UnmetDiscountMinimumResponse
{
    /// <summary>The subtotal from which the discount applies.</summary>
    public required Money MinimumSubtotal { get; init; }

    /// <summary>By how much the subtotal is below it.</summary>
    public required Money Missing { get; init; }

    /// <summary>The same as a sentence in English.</summary>
    public required string Detail { get; init; }
}

internal sealed record CartResponse
{
    public required Id<Cart> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required string Currency { get; init; }

    public required CartStatus Status { get; init; }

    public required IReadOnlyList<CartItemResponse> Items { get; init; }

    public required Money Subtotal { get; init; }

    /// <summary>What is deducted from the subtotal; never negative.</summary>
    public required Money Discount { get; init; }

    public required Money Shipping { get; init; }

    /// <summary>Added to the total, or included in it if prices include tax.</summary>
    public required Money Tax { get; init; }

    public required Money Total { get; init; }

    public required string TaxName { get; init; }

    /// <summary>The tax rate in ten-thousandths: 1900 is 19 %.</summary>
    public required int TaxBasisPoints { get; init; }

    public required bool IsTaxIncluded { get; init; }

    public required string? DiscountCode { get; init; }

    /// <summary>False if the code has expired or is used up; checkout is then refused until the discount is removed.</summary>
    public required bool IsDiscountValid { get; init; }

    /// <summary>How far the subtotal is below the discount's minimum. Null if the discount applies or has no minimum, or if there is no discount.</summary>
    public required UnmetDiscountMinimumResponse? UnmetDiscountMinimum { get; init; }

    /// <summary>True if any item is shipped.</summary>
    public required bool RequiresShipping { get; init; }

    /// <summary>The available methods, at the prices of this quote.</summary>
    public required IReadOnlyList<ShippingMethod> ShippingMethods { get; init; }

    public required string? ShippingMethodId { get; init; }

    /// <summary>The prices are valid until this time.</summary>
    public required DateTimeOffset QuoteExpiresAt { get; init; }

    /// <summary>The id of the order that the cart became, as <c>ord_…</c>. Null until it is ordered.</summary>
    public required string? OrderId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal static class CartMapper
{
    public static async Task<CartResponse> ToResponseAsync(this Cart cart, ProofsheetDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        var problems = cart.IsOrdered ? [] : await cart.ProblemsAsync(db, cancellation);
        var isDiscountValid = cart.IsOrdered || cart.Discount is not { } quoted
            || (await db.Set<Discount>().AsNoTracking().SingleOrDefaultAsync(d => d.Id == quoted.Id, cancellation) is { HasRedemptionsLeft: true } discount && discount.IsLiveAt(now));
        var totals = cart.Totals();
        var items = cart.Items.Select((item, i) => new CartItemResponse
        {
            Id = item.Id,
            PhotoId = item.PhotoId,
            ProductId = item.ProductId,
            ProductName = item.ProductName,
            Type = item.Type,
            Options = item.Options,
            WidthMm = item.WidthMm,
            HeightMm = item.HeightMm,
            Quantity = item.Quantity,
            UnitPrice = Of(item.UnitAmount),
            LineTotal = Of(totals.Lines[i].Total),
            Crop = item.Crop,
            Problem = problems.TryGetValue(item.Id, out var problem) ? problem : null,
        });
        return new CartResponse
        {
            Id = cart.Id,
            GalleryId = cart.GalleryId,
            Currency = cart.Currency,
            Status = cart.IsOrdered ? CartStatus.Ordered : cart.QuoteExpiresAt <= now ? CartStatus.Expired : CartStatus.Open,
            Items = [.. items],
            Subtotal = Of(totals.Subtotal),
            Discount = Of(totals.Discount),
            Shipping = Of(totals.Shipping),
            Tax = Of(totals.Tax),
            Total = Of(totals.Total),
            TaxName = cart.TaxName,
            TaxBasisPoints = cart.TaxBasisPoints,
            IsTaxIncluded = cart.IsTaxIncluded,
            DiscountCode = cart.Discount?.Code,
            IsDiscountValid = isDiscountValid,
            UnmetDiscountMinimum = cart.Discount is { MinimumSubtotal: { } minimum } code && totals.Subtotal < minimum
                ? new UnmetDiscountMinimumResponse
                {
                    MinimumSubtotal = Of(minimum),
                    Missing = Of(minimum - totals.Subtotal),
                    Detail = $"The code {code.Code} applies to a subtotal of {Of(minimum)} or more; add {Of(minimum - totals.Subtotal)} to reach it.",
                }
                : null,
            RequiresShipping = cart.RequiresShipping,
            ShippingMethods = cart.ShippingMethods,
            ShippingMethodId = cart.ShippingMethodId,
            QuoteExpiresAt = cart.QuoteExpiresAt,
            OrderId = cart.OrderId,
            CreatedAt = cart.CreatedAt,
            UpdatedAt = cart.UpdatedAt,
        };

        Money Of(long amount) => new(amount, cart.Currency);
    }

    /// <summary>Which items of the cart cannot currently be bought, and why.</summary>
    public static async Task<Dictionary<Id<CartItem>, CartItemProblem>> ProblemsAsync(this Cart cart, ProofsheetDb db, CancellationToken cancellation)
    {
        var photoIds = cart.Items.Select(i => i.PhotoId).Distinct().ToList();
        var shown = (await db.Set<Photo>().AsNoTracking()
            .Where(p => p.GalleryId == cart.GalleryId && photoIds.Contains(p.Id) && p.Status == PhotoStatus.Ready && !p.IsHidden && p.DeletedAt == null)
            .Select(p => p.Id).ToListAsync(cancellation)).ToHashSet();
        var productIds = cart.Items.Select(i => i.ProductId).Distinct().ToList();
        var products = await db.Set<Product>().AsNoTracking().Where(p => p.IsActive && productIds.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancellation);
        var wanted = cart.Items.GroupBy(i => i.ProductId).ToDictionary(g => g.Key, g => g.Sum(i => i.Quantity));

        var problems = new Dictionary<Id<CartItem>, CartItemProblem>();
        foreach (var item in cart.Items)
        {
            if (!shown.Contains(item.PhotoId))
            {
                problems[item.Id] = CartItemProblem.PhotoUnavailable;
            }
            else if (!item.IsOffered || !products.TryGetValue(item.ProductId, out var product) || !product.Offers(item.Options) || product.DigitalSize != item.DigitalSize)
            {
                problems[item.Id] = CartItemProblem.ProductUnavailable;
            }
            else if (product.Stock < wanted[item.ProductId])
            {
                problems[item.Id] = CartItemProblem.SoldOut;
            }
        }

        return problems;
    }
}
