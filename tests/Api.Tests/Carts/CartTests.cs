using FluentAssertions;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Carts;

[Trait("Database", "Provider")]
public sealed class CartTests(ApiHost api)
{
    [Fact]
    public async Task A_visitor_sees_what_the_gallery_sells()
    {
        var shop = await Shop.OpenAsync(api);

        var offers = (await shop.Api.GetAsync($"{shop.Gallery.Path}/products")).ShouldBe(200).Body!["data"]!.AsArray();

        var first = (await shop.Api.GetAsync($"{shop.Gallery.Path}/products?limit=2")).ShouldBe(200);
        (await shop.Api.GetAsync($"{shop.Gallery.Path}/products?limit=2&cursor={first["nextCursor"]}")).ShouldBe(200).Body!["data"]!.AsArray().Should().ContainSingle();
        offers.Select(o => o!["name"]!.GetValue<string>()).Should().Equal("Print", "Web file", "Full file");
        offers[0]!["variants"]!.AsArray().Select(v => (v!["options"]!["paper"]!.GetValue<string>(), v["price"]!["amount"]!.GetValue<long>(), v["widthMm"]!.GetValue<int>()))
            .Should().Equal(("matt", 1500, 130), ("glossy", 1600, 130));
    }

    [Fact]
    public async Task A_sheet_of_the_gallery_comes_before_the_default_one()
    {
        var shop = await Shop.OpenAsync(api);
        var own = (await shop.Studio.Api.PostAsync("/v1/price-sheets", new { name = "Own" })).ShouldBe(201)["id"];
        (await shop.Studio.Api.PutAsync($"/v1/price-sheets/{own}/prices", new { prices = new[] { new { productId = shop.Web, price = new { amount = 1, currency = "EUR" } } } })).ShouldBe(200);
        var other = await Shop.OpenAsync(api);

        (await shop.Studio.Api.PutAsync($"{shop.Gallery.Path}/price-sheet", new { priceSheetId = other.Sheet })).ShouldBeProblem(404, "not_found");
        (await shop.Studio.Api.PutAsync($"{shop.Gallery.Path}/price-sheet", new { priceSheetId = own })).ShouldBe(200);
        (await shop.Api.GetAsync($"{shop.Gallery.Path}/products")).Body!["data"]!.AsArray().Should().ContainSingle();
        (await shop.Studio.Api.DeleteAsync($"/v1/price-sheets/{own}")).ShouldBe(204);
        (await shop.Api.GetAsync($"{shop.Gallery.Path}/products")).Body!["data"]!.AsArray().Should().HaveCount(3);
    }

    [Fact]
    public async Task A_cart_adds_up_with_shipping_tax_and_discount()
    {
        var shop = await Shop.OpenAsync(api);
        (await shop.Studio.Api.PostAsync("/v1/discounts", new { code = "TEN", type = "percent", percent = 10 })).ShouldBe(201);
        var cart = await shop.CartAsync();
        var photo = await shop.PhotoAsync();
        (await shop.AddAsync(cart, photo, shop.Print, 3, "MATT")).ShouldBe(201);
        (await shop.AddAsync(cart, photo, shop.Full)).ShouldBe(201);
        (await shop.Api.PutAsync($"/v1/carts/{cart}/shipping", new { shippingMethodId = "post" })).ShouldBe(200);

        var answer = (await shop.Api.PutAsync($"/v1/carts/{cart}/discount", new { code = "ten" })).ShouldBe(200);

        answer.Body!["items"]![0]!["options"]!["paper"]!.GetValue<string>().Should().Be("matt");
        answer.Amount("subtotal").Should().Be(4500 + 2900);
        answer.Amount("discount").Should().Be(740);
        answer.Amount("shipping").Should().Be(690);
        answer.Amount("total").Should().Be(7400 - 740 + 690);
        // 4500-450 and 2900-290 and 690 with 19 % inside: 647 + 417 + 110.
        answer.Amount("tax").Should().Be(647 + 417 + 110);
        answer.Body["requiresShipping"]!.GetValue<bool>().Should().BeTrue();
        (await shop.Api.GetAsync($"/v1/carts/{cart}")).Text.Should().Be(answer.Text);
        var without = (await shop.Api.DeleteAsync($"/v1/carts/{cart}/discount")).ShouldBe(200);
        without.Amount("total").Should().Be(7400 + 690);
    }

    [Fact]
    public async Task A_quote_keeps_its_prices_until_it_is_quoted_again()
    {
        var shop = await Shop.OpenAsync(api);
        var cart = await shop.CartOfAsync(shop.Print);
        await shop.PriceAsync(9999, 9999, 9999);
        (await shop.Studio.Api.PutAsync("/v1/commerce-settings", new { taxName = "None", taxBasisPoints = 0, isTaxIncluded = false, downloadDays = 1, downloadsPerFile = 1, shippingMethods = Array.Empty<object>() })).ShouldBe(200);

        var before = (await shop.Api.GetAsync($"/v1/carts/{cart}")).ShouldBe(200);
        var after = (await shop.Api.PostAsync($"/v1/carts/{cart}/refresh")).ShouldBe(200);

        before.Amount("total").Should().Be(1500 + 690);
        before["taxName"].Should().Be("VAT");
        after.Amount("total").Should().Be(9999);
        after["taxName"].Should().Be("None");
    }

    [Fact]
    public async Task A_cart_says_of_each_item_why_it_cannot_be_bought()
    {
        var shop = await Shop.OpenAsync(api);
        var (hidden, shown) = (await shop.PhotoAsync("a.jpg"), await shop.PhotoAsync("b.jpg"));
        var cart = await shop.CartAsync();
        await shop.AddAsync(cart, hidden, shop.Web);
        await shop.AddAsync(cart, shown, shop.Web);
        await shop.AddAsync(cart, shown, shop.Full);
        await shop.AddAsync(cart, shown, shop.Print, 2);
        await shop.InDatabaseAsync(db => db.SetAsync<Photo>(p => p.CurrentVersion.FileName == "a.jpg", nameof(Photo.IsHidden), true));
        (await shop.Studio.Api.DeleteAsync($"/v1/products/{shop.Full}")).ShouldBe(204);
        (await shop.Studio.Api.PatchAsync($"/v1/products/{shop.Print}", new { stock = 1 })).ShouldBe(200);

        var items = (await shop.Api.GetAsync($"/v1/carts/{cart}")).ShouldBe(200).Body!["items"]!.AsArray();

        items.Select(i => i!["problem"]?.GetValue<string>()).Should().Equal("photo_unavailable", null, "product_unavailable", "sold_out");
        (await shop.CheckoutAsync(cart, 1)).ShouldBeProblem(409, "cart_item_unavailable");
        foreach (var item in items.Where(i => i!["problem"] is not null))
        {
            (await shop.Api.DeleteAsync($"/v1/carts/{cart}/items/{item!["id"]}")).ShouldBe(200);
        }

        (await shop.CheckoutAsync(cart, Shop.WebPrice)).ShouldBe(201);
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_put_into_a_cart()
    {
        var shop = await Shop.OpenAsync(api);
        var other = await Shop.OpenAsync(api);
        var second = await shop.Studio.GalleryAsync(title: "Another");
        var photo = await shop.PhotoAsync();
        var cart = await shop.CartAsync();

        (await shop.AddAsync(cart, await other.PhotoAsync(), shop.Web)).ShouldBeProblem(404, "not_found");
        (await shop.AddAsync(cart, await shop.PhotoAsync(galleryId: second.Id), shop.Web)).ShouldBeProblem(404, "not_found");
        (await shop.AddAsync(cart, photo, other.Web)).ShouldBeProblem(404, "not_found");
        (await shop.AddAsync(cart, photo, shop.Print, paper: "silk")).ShouldBeProblem(422, "unknown_option");
        (await shop.AddAsync(cart, photo, shop.Web, quantity: 2)).ShouldBeProblem(422, "digital_item_once");
        (await shop.AddAsync(cart, photo, shop.Print, quantity: 0)).ShouldBeProblem(400, "validation_failed");
        (await shop.AddAsync(cart, photo, shop.Print, quantity: 1000)).ShouldBeProblem(400, "validation_failed");
        (await shop.Api.SendAsync(HttpMethod.Post, $"/v1/carts/{cart}/items", "{\"photoId\":\"x\",\"productId\":\"y\",\"price\":1}")).ShouldBeProblem(400, "unknown_field");
        (await shop.Api.PostAsync($"/v1/carts/{cart}/items", new { photoId = photo, productId = shop.Print, options = new { paper = "matt" }, crop = new { x = 0.5, y = 0, width = 0.6, height = 1 } }))
            .ShouldBeProblem(400, "validation_failed");
        (await shop.AddAsync(cart, photo, shop.Web)).ShouldBe(201);
        (await shop.AddAsync(cart, photo, shop.Web)).ShouldBeProblem(409, "item_in_cart");
        (await shop.Api.PutAsync($"/v1/carts/{cart}/shipping", new { shippingMethodId = "drone" })).ShouldBeProblem(422, "shipping_method_unknown");
        (await shop.Api.PutAsync($"/v1/carts/{cart}/discount", new { code = "NONE" })).ShouldBeProblem(422, "discount_unknown");
        (await shop.Api.PutAsync($"/v1/carts/{cart}/discount", new { code = new string('x', 41) })).ShouldBeProblem(400, "validation_failed");
        (await shop.Api.GetAsync($"/v1/carts/{cart}")).Body!["items"]!.AsArray().Should().ContainSingle();
    }

    [Fact]
    public async Task Quantity_and_crop_change_within_what_is_left()
    {
        var shop = await Shop.OpenAsync(api);
        (await shop.Studio.Api.PatchAsync($"/v1/products/{shop.Print}", new { stock = 5 })).ShouldBe(200);
        var cart = await shop.CartOfAsync(shop.Print);
        var item = (await shop.Api.GetAsync($"/v1/carts/{cart}")).Body!["items"]![0]!["id"]!.GetValue<string>();
        var path = $"/v1/carts/{cart}/items/{item}";

        var changed = (await shop.Api.PatchAsync(path, new { quantity = 5, crop = new { x = 0.1, y = 0.0, width = 0.5, height = 1.0 } })).ShouldBe(200);

        changed.Amount("subtotal").Should().Be(7500);
        changed.Body!["items"]![0]!["crop"]!["width"]!.GetValue<double>().Should().Be(0.5);
        (await shop.Api.PatchAsync(path, new { quantity = 6 })).ShouldBeProblem(409, "sold_out");
        (await shop.Api.PatchAsync(path, new { quantity = 2 }, "\"v1\"")).ShouldBeProblem(412, "version_mismatch");
        (await shop.Api.PatchAsync(path, new { quantity = 5 }, changed.ETag)).ShouldBe(200);
        (await shop.Api.PatchAsync(path, new { color = 6 })).ShouldBeProblem(400, "unknown_field");
        (await shop.Api.PatchAsync($"/v1/carts/{cart}/items/cit_00000000000000000000000000", new { quantity = 1 })).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task Another_visitors_cart_does_not_exist()
    {
        var shop = await Shop.OpenAsync(api);
        var cart = await shop.CartOfAsync(shop.Web);
        var text = (await shop.Api.GetAsync($"/v1/carts/{cart}")).Text;
        var stranger = (await shop.Gallery.VisitorAsync()).Api;
        var abroad = (await Shop.OpenAsync(api)).Api;

        foreach (var other in new[] { stranger, abroad })
        {
            (await other.GetAsync($"/v1/carts/{cart}")).ShouldBeProblem(404, "not_found");
            (await shop.AddAsync(cart, await shop.PhotoAsync(), shop.Web, visitor: other)).ShouldBeProblem(404, "not_found");
            (await other.PutAsync($"/v1/carts/{cart}/discount", new { code = "x" })).ShouldBeProblem(404, "not_found");
            (await other.PostAsync($"/v1/carts/{cart}/refresh")).ShouldBeProblem(404, "not_found");
            (await shop.CheckoutAsync(cart, Shop.WebPrice, other)).ShouldBeProblem(404, "not_found");
        }

        (await abroad.PostAsync($"{shop.Gallery.Path}/carts")).ShouldBeProblem(404, "not_found");
        (await shop.Studio.Api.GetAsync($"/v1/carts/{cart}")).ShouldBeProblem(403, "missing_scope");
        (await shop.Api.GetAsync($"/v1/carts/{cart}")).Text.Should().Be(text);
    }

    [Fact]
    public async Task Many_items_put_in_at_once_are_all_there()
    {
        var shop = await Shop.OpenAsync(api);
        var cart = await shop.CartAsync();
        var photos = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            photos.Add(await shop.PhotoAsync($"{i}.jpg"));
        }

        var answers = await Task.WhenAll(photos.Select(p => shop.AddAsync(cart, p, shop.Web)));

        answers.Should().OnlyContain(a => a.Status == 201);
        (await shop.Api.GetAsync($"/v1/carts/{cart}")).Amount("total").Should().Be(12 * Shop.WebPrice);
    }

    [Fact]
    public async Task One_idempotency_key_makes_one_cart_and_one_item()
    {
        var shop = await Shop.OpenAsync(api);
        var photo = await shop.PhotoAsync();
        var (first, second) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());

        var cart = (await shop.Api.PostAsync($"{shop.Gallery.Path}/carts", null, first)).ShouldBe(201);
        (await shop.Api.PostAsync($"{shop.Gallery.Path}/carts", null, first)).ShouldBe(201).Text.Should().Be(cart.Text);
        var item = new { photoId = photo, productId = shop.Print, options = new { paper = "matt" } };
        (await shop.Api.PostAsync($"/v1/carts/{cart["id"]}/items", item, second)).ShouldBe(201);
        (await shop.Api.PostAsync($"/v1/carts/{cart["id"]}/items", item, second)).ShouldBe(201);
        (await shop.Api.PostAsync($"/v1/carts/{cart["id"]}/items", new { photoId = photo, productId = shop.Web }, second)).ShouldBeProblem(422, "idempotency_key_reused");

        (await shop.Api.GetAsync($"/v1/carts/{cart["id"]}")).Amount("total").Should().Be(Shop.PrintPrice);
    }
}
