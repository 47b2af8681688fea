using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Catalog;

[Trait("Database", "Provider")]
public sealed class CatalogTests(ApiHost api)
{
    private static readonly object Print = new
    {
        name = "Fine art print",
        type = "print",
        options = new[] { new { name = "Size", values = new[] { "13×18 cm", "20×30 cm" } }, new { name = "Paper", values = new[] { "Matt", "Glossy" } } },
        print = new { widthMm = 130, heightMm = 180, sizes = new[] { new { option = "Size", value = "20×30 cm", widthMm = 200, heightMm = 300 } } },
    };

    [Fact]
    public async Task A_product_is_made_read_changed_and_deleted()
    {
        var studio = await api.StudioAsync();

        var made = (await studio.Api.PostAsync("/v1/products", Print)).ShouldBe(201);
        var path = $"/v1/products/{made["id"]}";
        made.Headers["Location"].Should().Be($"{api.Client(null).Http.BaseAddress!.GetLeftPart(UriPartial.Authority)}{path}");
        var read = (await studio.Api.GetAsync(path)).ShouldBe(200);
        read.Text.Should().Be(made.Text);
        var changed = (await studio.Api.PatchAsync(path, new { isActive = false, stock = 7 }, read.ETag)).ShouldBe(200);
        changed.Body!["isActive"]!.GetValue<bool>().Should().BeFalse();
        changed.Body["stock"]!.GetValue<int>().Should().Be(7);
        changed["name"].Should().Be("Fine art print");
        (await studio.Api.PatchAsync(path, new { name = "Other" }, read.ETag)).ShouldBeProblem(412, "version_mismatch");
        (await studio.Api.DeleteAsync(path)).ShouldBe(204);
        (await studio.Api.GetAsync(path)).ShouldBeProblem(404, "not_found");
    }

    [Theory]
    [InlineData("""{"name":"x","type":"print","color":1}""", 400, "unknown_field")]
    [InlineData("""{"name":"x","type":"statue"}""", 400, "malformed_json")]
    [InlineData("""{"name":"   ","type":"print"}""", 400, "validation_failed")]
    [InlineData("""{"name":"a\u0000b","type":"print"}""", 400, "malformed_json")]
    [InlineData("""{"name":"x","type":"digital"}""", 422, "product_type_mismatch")]
    [InlineData("""{"name":"x","type":"print","digital":{"size":"web"}}""", 422, "product_type_mismatch")]
    [InlineData("""{"name":"x","type":"print","options":[{"name":"A","values":["1"]},{"name":"a","values":["1"]}]}""", 422, "duplicate_option")]
    [InlineData("""{"name":"x","type":"print","options":[{"name":"A","values":["1","1"]}]}""", 422, "duplicate_option")]
    [InlineData("""{"name":"x","type":"print","options":[{"name":"A","values":[""]}]}""", 422, "option_value_not_acceptable")]
    [InlineData("""{"name":"x","type":"print","options":[{"name":"A","values":[null]}]}""", 400, "validation_failed")]
    [InlineData("""{"name":"x","type":"print","options":[{"name":"A","values":[]}]}""", 400, "validation_failed")]
    [InlineData("""{"name":"x","type":"print","options":[null]}""", 400, "validation_failed")]
    [InlineData("""{"name":"x","type":"print","print":{"widthMm":1,"heightMm":1,"sizes":[{"option":"A","value":"1","widthMm":1,"heightMm":1}]}}""", 422, "unknown_option")]
    [InlineData("""{"name":"x","type":"print","stock":-1}""", 400, "validation_failed")]
    public async Task A_bad_product_is_refused(string body, int status, string code)
    {
        var studio = await api.StudioAsync();

        (await studio.Api.SendAsync(HttpMethod.Post, "/v1/products", body)).ShouldBeProblem(status, code);

        (await studio.Api.GetAsync("/v1/products")).Body!["data"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task An_overlong_name_is_refused()
    {
        var studio = await api.StudioAsync();

        (await studio.Api.PostAsync("/v1/products", new { name = new string('x', 101), type = "print" })).ShouldBeProblem(400, "validation_failed");
    }

    [Fact]
    public async Task Lists_go_on_where_their_cursor_says_and_refuse_those_of_others()
    {
        var studio = await api.StudioAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            (await studio.Api.PostAsync("/v1/products", new { name, type = "print" })).ShouldBe(201);
        }

        var first = (await studio.Api.GetAsync("/v1/products?limit=2")).ShouldBe(200);
        var second = (await studio.Api.GetAsync($"/v1/products?limit=2&cursor={first["nextCursor"]}")).ShouldBe(200);

        first.Body!["data"]!.AsArray().Concat(second.Body!["data"]!.AsArray()).Select(p => p!["name"]!.GetValue<string>()).Should().Equal("a", "b", "c");
        second.Body["nextCursor"].Should().BeNull();
        (await studio.Api.GetAsync($"/v1/discounts?cursor={first["nextCursor"]}")).ShouldBeProblem(400, "invalid_cursor");
        (await (await api.StudioAsync()).Api.GetAsync($"/v1/products?cursor={first["nextCursor"]}")).ShouldBeProblem(400, "invalid_cursor");
        (await studio.Api.GetAsync("/v1/products?cursor=nonsense")).ShouldBeProblem(400, "invalid_cursor");
        (await studio.Api.GetAsync("/v1/products?limit=201")).ShouldBeProblem(400, "validation_failed");
    }

    [Fact]
    public async Task A_sheet_holds_one_price_for_each_combination_in_the_studios_currency()
    {
        var studio = await api.StudioAsync(currency: "EUR");
        var product = (await studio.Api.PostAsync("/v1/products", Print)).ShouldBe(201)["id"];
        var sheet = (await studio.Api.PostAsync("/v1/price-sheets", new { name = "Weddings" })).ShouldBe(201);
        var path = $"/v1/price-sheets/{sheet["id"]}/prices";
        object Price(string size, string paper, long amount, string currency = "EUR") =>
            new { productId = product, options = new Dictionary<string, string> { ["Size"] = size, ["Paper"] = paper }, price = new { amount, currency } };

        var set = (await studio.Api.PutAsync(path, new { prices = new[] { Price("13×18 cm", "Matt", 1200), Price("20×30 cm", "Matt", 2400) } })).ShouldBe(200);

        set.Body!["prices"]!.AsArray().Select(p => p!["price"]!["amount"]!.GetValue<long>()).Should().Equal(1200, 2400);
        set.ETag.Should().NotBe(sheet.ETag);
        (await studio.Api.PutAsync(path, new { prices = new[] { Price("13×18 cm", "Matt", 1200, "USD") } })).ShouldBeProblem(422, "currency_mismatch");
        (await studio.Api.PutAsync(path, new { prices = new[] { Price("13×18 cm", "Silk", 1200) } })).ShouldBeProblem(422, "unknown_option");
        (await studio.Api.PutAsync(path, new { prices = new[] { Price("13×18 cm", "Matt", 1), Price("13×18 cm", "Matt", 2) } })).ShouldBeProblem(422, "duplicate_price");
        (await studio.Api.PutAsync(path, new { prices = new[] { Price("13×18 cm", "Matt", -1) } })).ShouldBeProblem(422, "price_not_acceptable");
        (await studio.Api.PutAsync(path, new { prices = new[] { Price("13×18 cm", "Matt", 100_000_000) } })).ShouldBeProblem(422, "price_not_acceptable");
        (await studio.Api.GetAsync($"/v1/price-sheets/{sheet["id"]}")).Text.Should().Be(set.Text);
        (await studio.Api.DeleteAsync($"/v1/products/{product}")).ShouldBe(204);
        (await studio.Api.GetAsync($"/v1/price-sheets/{sheet["id"]}")).Body!["prices"]!.AsArray().Should().BeEmpty();
        (await studio.Api.DeleteAsync($"/v1/price-sheets/{sheet["id"]}")).ShouldBe(204);
    }

    [Fact]
    public async Task Another_studios_product_has_no_price_here()
    {
        var anna = await api.StudioAsync("anna");
        var ben = await api.StudioAsync("ben");
        var product = (await ben.Api.PostAsync("/v1/products", new { name = "x", type = "print" })).ShouldBe(201)["id"];
        var sheet = (await anna.Api.PostAsync("/v1/price-sheets", new { name = "x" })).ShouldBe(201)["id"];

        (await anna.Api.PutAsync($"/v1/price-sheets/{sheet}/prices", new { prices = new[] { new { productId = product, price = new { amount = 1, currency = "USD" } } } }))
            .ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task One_sheet_is_the_default()
    {
        var studio = await api.StudioAsync();
        var first = (await studio.Api.PostAsync("/v1/price-sheets", new { name = "one", isDefault = true })).ShouldBe(201)["id"];
        var second = (await studio.Api.PostAsync("/v1/price-sheets", new { name = "two", isDefault = true })).ShouldBe(201)["id"];

        (await Defaults()).Should().Equal(second);
        (await studio.Api.PatchAsync($"/v1/price-sheets/{first}", new { isDefault = true })).ShouldBe(200);
        (await Defaults()).Should().Equal(first);

        async Task<IEnumerable<string>> Defaults() => (await studio.Api.GetAsync("/v1/price-sheets")).ShouldBe(200).Body!["data"]!.AsArray()
            .Where(s => s!["isDefault"]!.GetValue<bool>()).Select(s => s!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_discount_code_is_one_code_in_capitals_or_not()
    {
        var studio = await api.StudioAsync();

        var made = (await studio.Api.PostAsync("/v1/discounts", new { code = "Summer-26", type = "percent", percent = 15, maxRedemptions = 3 })).ShouldBe(201);

        made["code"].Should().Be("SUMMER-26");
        (await studio.Api.PostAsync("/v1/discounts", new { code = "summer-26", type = "percent", percent = 10 })).ShouldBeProblem(409, "discount_code_taken");
        (await studio.Api.PostAsync("/v1/discounts", new { code = "summer-26", type = "percent", percent = 10 }, Guid.NewGuid().ToString())).ShouldBeProblem(409, "discount_code_taken");
        (await studio.Api.PatchAsync($"/v1/discounts/{made["id"]}", new { percent = 20 }, made.ETag)).ShouldBe(200).Body!["percent"]!.GetValue<int>().Should().Be(20);
        (await studio.Api.DeleteAsync($"/v1/discounts/{made["id"]}")).ShouldBe(204);
    }

    [Theory]
    [InlineData("""{"code":"ABC","type":"percent"}""", 422, "discount_type_mismatch")]
    [InlineData("""{"code":"ABC","type":"amount","percent":5}""", 422, "discount_type_mismatch")]
    [InlineData("""{"code":"ABC","type":"amount","amount":{"amount":100,"currency":"EUR"}}""", 422, "currency_mismatch")]
    [InlineData("""{"code":"ABC","type":"amount","amount":{"amount":0,"currency":"USD"}}""", 422, "price_not_acceptable")]
    [InlineData("""{"code":"ABC","type":"percent","percent":101}""", 400, "validation_failed")]
    [InlineData("""{"code":"A B","type":"percent","percent":10}""", 400, "validation_failed")]
    [InlineData("""{"code":"ABC","type":"percent","percent":10,"startsAt":"2026-02-01T00:00:00Z","endsAt":"2026-01-01T00:00:00Z"}""", 422, "ends_before_start")]
    public async Task A_bad_discount_is_refused(string body, int status, string code)
    {
        var studio = await api.StudioAsync();

        (await studio.Api.SendAsync(HttpMethod.Post, "/v1/discounts", body)).ShouldBeProblem(status, code);
    }

    [Fact]
    public async Task Settings_are_replaced_whole_and_refuse_another_currency()
    {
        var studio = await api.StudioAsync(currency: "EUR");
        object Settings(string currency, string id = "post") => new
        {
            taxName = "VAT", taxBasisPoints = 1900, isTaxIncluded = true, downloadDays = 14, downloadsPerFile = 3,
            shippingMethods = new[] { new { id = "post", name = "Post", price = new { amount = 690, currency } }, new { id = id + "2", name = "Courier", price = new { amount = 1490, currency } } },
        };
        var before = (await studio.Api.GetAsync("/v1/commerce-settings")).ShouldBe(200);
        before.Body!["taxBasisPoints"]!.GetValue<int>().Should().Be(0);

        var set = (await studio.Api.PutAsync("/v1/commerce-settings", Settings("EUR"))).ShouldBe(200);

        (await studio.Api.GetAsync("/v1/commerce-settings")).Text.Should().Be(set.Text);
        (await studio.Api.PutAsync("/v1/commerce-settings", Settings("USD"))).ShouldBeProblem(422, "currency_mismatch");
        (await studio.Api.SendAsync(HttpMethod.Put, "/v1/commerce-settings", Settings("EUR"), r => r.Headers.TryAddWithoutValidation("If-Match", before.ETag))).ShouldBeProblem(412, "version_mismatch");
        (await (await api.StudioAsync()).Api.GetAsync("/v1/commerce-settings")).Text.Should().Be(before.Text);
    }

    [Theory]
    [InlineData("/v1/products", """{"name":"x","type":"print"}""", """{"name":"y"}""")]
    [InlineData("/v1/price-sheets", """{"name":"x"}""", """{"name":"y"}""")]
    [InlineData("/v1/discounts", """{"code":"ABC","type":"percent","percent":5}""", """{"percent":9}""")]
    public async Task Another_studios_catalog_does_not_exist(string path, string body, string patch)
    {
        var anna = await api.StudioAsync("anna");
        var ben = await api.StudioAsync("ben");
        var made = (await anna.Api.SendAsync(HttpMethod.Post, path, body)).ShouldBe(201);
        var own = $"{path}/{made["id"]}";

        (await ben.Api.GetAsync(own)).ShouldBeProblem(404, "not_found");
        (await ben.Api.SendAsync(HttpMethod.Patch, own, patch)).ShouldBeProblem(404, "not_found");
        (await ben.Api.DeleteAsync(own)).ShouldBeProblem(404, "not_found");

        (await anna.Api.GetAsync(own)).ShouldBe(200).Text.Should().Be(made.Text);
        (await ben.Api.GetAsync(path)).Body!["data"]!.AsArray().Should().BeEmpty();
    }
}
