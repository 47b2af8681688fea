using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Countries;
using Xunit;

namespace Proofsheet.Api.Tests.Orders;

[Trait("Database", "Provider")]
public sealed class ShippingAddressTests(ApiHost api)
{
    [Theory]
    [InlineData("HK", "Hong Kong")]
    [InlineData("AE", "Dubai")]
    [InlineData("QA", "Doha")]
    public async Task A_country_without_postal_codes_needs_none(string country, string city)
    {
        var shop = await Shop.OpenAsync(api);

        var order = (await CheckoutAsync(shop, new { line1 = "PO Box 12", city, country })).ShouldBe(201);

        order["order.shippingAddress.city"].Should().Be(city);
        order.Body!["order"]!["shippingAddress"]!["postalCode"].Should().BeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task A_country_with_postal_codes_needs_one(string? postalCode)
    {
        var shop = await Shop.OpenAsync(api);

        (await CheckoutAsync(shop, new { line1 = "1 High St", city = "Leeds", postalCode, country = "GB" }))
            .ShouldBeProblem(400, "validation_failed").Text.Should().Contain("shippingAddress.postalCode").And.Contain("GB");
        (await CheckoutAsync(shop, new { line1 = "1 High St", city = "Leeds", postalCode = "LS1 1AA", country = "GB" })).ShouldBe(201);
    }

    [Theory]
    [InlineData("UK")]
    [InlineData("ZZ")]
    [InlineData("QQ")]
    [InlineData("EU")]
    [InlineData("XK")]
    [InlineData("de")]
    [InlineData("DEU")]
    [InlineData("")]
    public async Task What_is_no_country_is_refused_everywhere(string country)
    {
        var shop = await Shop.OpenAsync(api);

        (await CheckoutAsync(shop, new { line1 = "1", city = "X", postalCode = "1", country })).ShouldBeProblem(400, "validation_failed").Text.Should().Contain("shippingAddress.country");
        (await shop.Studio.Api.PatchAsync("/v1/studio", new { country })).ShouldBeProblem(400, "validation_failed");
        (await api.Platform.PostAsync("/v1/studios", new { name = "S", slug = $"s-{Guid.NewGuid():N}", currency = "EUR", country })).ShouldBeProblem(400, "validation_failed");
    }

    [Fact]
    public void The_table_holds_each_country_of_the_standard_once()
    {
        Countries.All.Should().HaveCount(249).And.OnlyHaveUniqueItems().And.BeInAscendingOrder(StringComparer.Ordinal);
        Countries.All.Should().OnlyContain(c => c.Length == 2 && c.All(char.IsAsciiLetterUpper) && Countries.IsKnown(c));
        Countries.All.Count(c => !Countries.RequiresPostalCode(c)).Should().BeInRange(50, 80);
        new[] { "DE", "GB", "US", "FR", "JP", "SG", "IN", "BR", "IE", "SA", "TW" }.Should().OnlyContain(c => Countries.RequiresPostalCode(c));
    }

    private static async Task<ApiAnswer> CheckoutAsync(Shop shop, object address)
    {
        var cart = await shop.CartOfAsync(shop.Print);
        return await shop.Api.PostAsync($"/v1/carts/{cart}/checkout", new
        {
            email = "clara@example.com",
            name = "Clara",
            shippingAddress = address,
            expectedTotal = new { amount = Shop.PrintPrice + 690, currency = shop.Currency },
        });
    }
}
