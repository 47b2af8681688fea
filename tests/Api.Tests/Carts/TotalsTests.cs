using FluentAssertions;
using Proofsheet.Api.Carts;
using Xunit;

namespace Proofsheet.Api.Tests.Carts;

public sealed class TotalsTests
{
    public static TheoryData<string, int, bool> Rules()
    {
        var rules = new TheoryData<string, int, bool>();
        foreach (var currency in new[] { "EUR", "JPY", "KWD" })
        {
            foreach (var basisPoints in new[] { 0, 1, 700, 825, 1900, 5000 })
            {
                rules.Add(currency, basisPoints, true);
                rules.Add(currency, basisPoints, false);
            }
        }

        return rules;
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Whatever_is_in_a_cart_its_sums_add_up(string currency, int basisPoints, bool included)
    {
        var random = new Random(HashCode.Combine(basisPoints, included) ^ 20261120);
        for (var round = 0; round < 500; round++)
        {
            var lines = Enumerable.Range(0, random.Next(1, 40)).Select(_ => new TotalsLine(random.NextInt64(0, round % 2 == 0 ? 100 : 99_999_999), random.Next(1, 999))).ToList();
            var wanted = random.NextInt64(0, 200_000_000);
            var shipping = random.NextInt64(0, 5_000);

            var totals = Totals.Of(currency, lines, subtotal => Math.Min(wanted, subtotal), shipping, basisPoints, included);

            totals.Subtotal.Should().Be(lines.Sum(l => l.UnitAmount * l.Quantity));
            totals.Lines.Sum(l => l.Total).Should().Be(totals.Subtotal);
            totals.Lines.Sum(l => l.Discount).Should().Be(totals.Discount);
            totals.Discount.Should().Be(Math.Min(wanted, totals.Subtotal));
            totals.Lines.Should().OnlyContain(l => l.Discount >= 0 && l.Discount <= l.Total && l.Tax >= 0);
            totals.Tax.Should().Be(totals.Lines.Sum(l => l.Tax) + totals.ShippingTax);
            totals.Total.Should().Be(totals.Subtotal - totals.Discount + shipping + (included ? 0 : totals.Tax));
            foreach (var line in totals.Lines)
            {
                var taxed = line.Total - line.Discount;
                var exact = included ? taxed - (taxed * 10_000m / (10_000 + basisPoints)) : taxed * (decimal)basisPoints / 10_000;
                Math.Abs(line.Tax - exact).Should().BeLessThanOrEqualTo(0.5m);
            }
        }
    }

    [Theory]
    [InlineData(50, 500, 2)]  // 2.5 rounds to 2
    [InlineData(70, 500, 4)]  // 3.5 rounds to 4
    [InlineData(110, 500, 6)] // 5.5 rounds to 6
    [InlineData(130, 500, 6)] // 6.5 rounds to 6
    public void Halves_of_a_tax_go_to_the_even_neighbor(long price, int basisPoints, long tax)
    {
        Totals.Of("USD", [new TotalsLine(price, 1)], _ => 0, 0, basisPoints, isTaxIncluded: false).Tax.Should().Be(tax);
    }

    [Fact]
    public void A_price_that_includes_tax_is_net_and_tax_together()
    {
        var totals = Totals.Of("EUR", [new TotalsLine(11_900, 1)], _ => 0, 119, 1900, isTaxIncluded: true);

        totals.Tax.Should().Be(1_900 + 19);
        totals.Total.Should().Be(11_900 + 119);
    }

    [Fact]
    public void An_empty_cart_costs_nothing()
    {
        var totals = Totals.Of("EUR", [], _ => 500, 0, 1900, isTaxIncluded: false);

        (totals.Subtotal, totals.Discount, totals.Tax, totals.Total).Should().Be((0, 0, 0, 0));
    }
}
