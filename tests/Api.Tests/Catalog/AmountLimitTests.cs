using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.PriceSheets;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Currencies;
using Xunit;

namespace Proofsheet.Api.Tests.Catalog;

[Trait("Database", "Provider")]
public sealed class AmountLimitTests(ApiHost api)
{
    [Theory]
    [InlineData("EUR", 99_999_999)]
    [InlineData("JPY", 99_999_999)]
    [InlineData("KWD", 99_999_999)]
    [InlineData("COP", 9_999_999_999)]
    [InlineData("IDR", 999_999_999_999)]
    public async Task Prices_and_other_amounts_reach_the_limit_of_their_currency(string currency, long most)
    {
        var shop = await Shop.OpenAsync(api, currency);

        await shop.PriceAsync(most - 100, most, 0);
        (await PriceAsync(shop, most + 1)).ShouldBeProblem(422, "price_not_acceptable").Text.Should().Contain(new Money(most, currency).ToString());
        (await ShipAsync(shop, most)).ShouldBe(200);
        (await ShipAsync(shop, most + 1)).ShouldBeProblem(422, "price_not_acceptable");
        (await DiscountAsync(shop, "FITS", most, most)).ShouldBe(201);
        (await DiscountAsync(shop, "OVER", most + 1, most)).ShouldBeProblem(422, "price_not_acceptable");
        (await DiscountAsync(shop, "LEAST", most, most + 1)).ShouldBeProblem(422, "price_not_acceptable");
    }

    [Theory]
    [InlineData("EUR", 99_999_999)]
    [InlineData("COP", 9_999_999_999)]
    [InlineData("IDR", 999_999_999_999)]
    public async Task An_orders_total_reaches_the_limit_and_can_be_paid_and_one_unit_more_cannot(string currency, long most)
    {
        var shop = await Shop.OpenAsync(api, currency);
        await shop.PriceAsync(1, most, 1);
        var cart = await shop.CartOfAsync(shop.Web);
        var order = (await shop.CheckoutAsync(cart, most)).ShouldBe(201)["order.id"];
        (await shop.PayAsync(order)).ShouldBe(200);
        await shop.PaidAsync(order);

        var over = await shop.CartOfAsync(shop.Web);
        (await shop.AddAsync(over, await shop.PhotoAsync(), shop.Full)).ShouldBe(201);
        (await shop.CheckoutAsync(over, most + 1)).ShouldBeProblem(422, "total_too_large").Text.Should().Contain(new Money(most, currency).ToString());
    }

    [Fact]
    public async Task The_largest_cart_is_added_up_and_discounted_without_an_overflow()
    {
        const long Most = 999_999_999_999;
        var shop = await Shop.OpenAsync(api, "IDR");
        await shop.PriceAsync(Most - 100, Most, Most);
        (await shop.Studio.Api.PostAsync("/v1/discounts", new { code = "HALF", type = "percent", percent = 50 })).ShouldBe(201);
        var cart = await shop.CartAsync();
        var photo = await shop.PhotoAsync();
        for (var i = 0; i < 2; i++)
        {
            (await shop.AddAsync(cart, photo, shop.Print, quantity: 999, paper: i == 0 ? "matt" : "glossy")).ShouldBe(201);
        }

        var read = (await shop.Api.PutAsync($"/v1/carts/{cart}/discount", new { code = "HALF" })).ShouldBe(200);

        var subtotal = (999 * (Most - 100)) + (999 * Most);
        read.Amount("subtotal").Should().Be(subtotal);
        read.Amount("discount").Should().Be(subtotal / 2);
        (await shop.InDatabaseAsync(db => db.Set<SheetPrice>().MaxAsync(p => p.Amount))).Should().Be(Most);
    }

    private static Task<ApiAnswer> PriceAsync(Shop shop, long amount) => shop.Studio.Api.PutAsync(
        $"/v1/price-sheets/{shop.Sheet}/prices", new { prices = new[] { new { productId = shop.Web, price = new { amount, currency = shop.Currency } } } });

    private static Task<ApiAnswer> ShipAsync(Shop shop, long amount) => shop.Studio.Api.PutAsync("/v1/commerce-settings", new
    {
        taxName = "VAT", taxBasisPoints = 0, isTaxIncluded = true, downloadDays = 14, downloadsPerFile = 3,
        shippingMethods = new[] { new { id = "post", name = "Post", price = new { amount, currency = shop.Currency } } },
    });

    private static Task<ApiAnswer> DiscountAsync(Shop shop, string code, long amount, long minimum) => shop.Studio.Api.PostAsync("/v1/discounts", new
    {
        code, type = "amount", amount = new { amount, currency = shop.Currency }, minimumSubtotal = new { amount = minimum, currency = shop.Currency },
    });
}
