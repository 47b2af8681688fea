using Proofsheet.Shared.Currencies;

namespace Proofsheet.Api.Carts;

internal readonly record struct TotalsLine(long UnitAmount, int Quantity);

/// <summary>One line's share of the totals, in minor units. Tax is added to the price, or contained in it if prices include tax.</summary>
internal readonly record struct LineTotals(long Total, long Discount, long Tax);

/// <summary>
/// The totals of a cart, in whole minor units. The discount is split over the lines so that the parts add up to it. Tax is
/// computed per line after the discount, with shipping as a separate line, and each amount is rounded half to even.
/// </summary>
internal sealed record Totals
{
    public required IReadOnlyList<LineTotals> Lines { get; init; }

    public required long Subtotal { get; init; }

    public required long Discount { get; init; }

    public required long Shipping { get; init; }

    public required long ShippingTax { get; init; }

    public required long Tax { get; init; }

    public required long Total { get; init; }

    public static Totals Of(
        string currency, IReadOnlyList<TotalsLine> lines, Func<long, long> discountOf, long shipping, int taxBasisPoints, bool isTaxIncluded)
    {
        var totals = lines.Select(l => checked(l.UnitAmount * l.Quantity)).ToList();
        var subtotal = totals.Sum();
        var discount = Math.Clamp(discountOf(subtotal), 0, subtotal);
        var parts = totals.Count == 0 ? [] : new Money(discount, currency).Split(totals);
        var split = totals.Select((total, i) => new LineTotals(total, parts[i].Amount, TaxOf(total - parts[i].Amount))).ToList();
        var shippingTax = TaxOf(shipping);
        var tax = split.Sum(l => l.Tax) + shippingTax;
        return new Totals
        {
            Lines = split,
            Subtotal = subtotal,
            Discount = discount,
            Shipping = shipping,
            ShippingTax = shippingTax,
            Tax = tax,
            Total = subtotal - discount + shipping + (isTaxIncluded ? 0 : tax),
        };

        // Included tax is what remains after the net amount is taken out, so that net and tax add up to the price.
        long TaxOf(long amount) => isTaxIncluded
            ? amount - (long)decimal.Round(amount * 10_000m / (10_000 + taxBasisPoints), 0, MidpointRounding.ToEven)
            : new Money(amount, currency).Share(taxBasisPoints).Amount;
    }
}
