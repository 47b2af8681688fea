using FluentAssertions;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Carts;

[Trait("Database", "Provider")]
public sealed class DiscountMinimumTests(ApiHost api)
{
    [Fact]
    public async Task What_a_code_still_needs_is_told_until_the_subtotal_reaches_its_minimum()
    {
        var shop = await Shop.OpenAsync(api);
        (await shop.Studio.Api.PostAsync("/v1/discounts", new { code = "SUMMER", type = "percent", percent = 10, minimumSubtotal = new { amount = 3000, currency = "EUR" } })).ShouldBe(201);
        var cart = await shop.CartOfAsync(shop.Full);

        var below = (await shop.Api.PutAsync($"/v1/carts/{cart}/discount", new { code = "summer" })).ShouldBe(200);

        below.Amount("discount").Should().Be(0);
        below.Amount("unmetDiscountMinimum.minimumSubtotal").Should().Be(3000);
        below.Amount("unmetDiscountMinimum.missing").Should().Be(100);
        below["unmetDiscountMinimum.detail"].Should().Contain("SUMMER").And.Contain("30.00 EUR").And.Contain("1.00 EUR");
        (await shop.Api.GetAsync($"/v1/carts/{cart}")).Amount("unmetDiscountMinimum.missing").Should().Be(100);
        var reached = (await shop.AddAsync(cart, await shop.PhotoAsync(), shop.Web)).ShouldBe(201);
        reached.Body!["unmetDiscountMinimum"].Should().BeNull();
        reached.Amount("discount").Should().Be(380);
    }

    [Fact]
    public async Task A_code_without_a_minimum_and_a_cart_without_a_code_lack_nothing()
    {
        var shop = await Shop.OpenAsync(api);
        (await shop.Studio.Api.PostAsync("/v1/discounts", new { code = "PLAIN", type = "percent", percent = 10 })).ShouldBe(201);
        var cart = await shop.CartOfAsync(shop.Full);

        (await shop.Api.GetAsync($"/v1/carts/{cart}")).Body!["unmetDiscountMinimum"].Should().BeNull();
        (await shop.Api.PutAsync($"/v1/carts/{cart}/discount", new { code = "PLAIN" })).ShouldBe(200).Body!["unmetDiscountMinimum"].Should().BeNull();
    }
}
