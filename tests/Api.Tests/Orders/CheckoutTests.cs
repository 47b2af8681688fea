using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Orders;

[Trait("Database", "Provider")]
public sealed class CheckoutTests(ApiHost api)
{
    [Fact]
    public async Task An_order_keeps_what_was_bought_whatever_changes_afterwards()
    {
        var shop = await Shop.OpenAsync(api);
        var photo = await shop.PhotoAsync("Bride & groom.jpg");
        var cart = await shop.CartOfAsync(shop.Print, photo: photo);

        var placed = (await shop.CheckoutAsync(cart, Shop.PrintPrice + 690)).ShouldBe(201);

        placed["order.number"].Should().Be("1001");
        placed["order.status"].Should().Be("pending");
        placed["payment.status"].Should().Be("requires_payment");
        placed["payment.clientSecret"].Should().NotBeEmpty();
        placed.Headers["Location"].Should().EndWith($"/v1/orders/{placed["order.id"]}");
        await shop.PriceAsync(1, 1, 1);
        (await shop.Studio.Api.PatchAsync($"/v1/products/{shop.Print}", new { name = "Renamed" })).ShouldBe(200);
        (await shop.Studio.Api.DeleteAsync($"/v1/products/{shop.Print}")).ShouldBe(204);
        var read = (await shop.Studio.Api.GetAsync($"/v1/orders/{placed["order.id"]}")).ShouldBe(200);
        // The studio's metadata is not shown to the visitor who placed the order.
        (read.Body!.AsObject().Remove("metadata"), placed.Body!["order"]!.AsObject()["metadata"]).Should().Be((true, null));
        placed.Body["order"]!.AsObject().Remove("metadata");
        JsonNode.DeepEquals(read.Body, placed.Body["order"]).Should().BeTrue("the order is as it was: {0}", read.Text);
        read.Body["items"]![0]!["productName"]!.GetValue<string>().Should().Be("Print");
        read.Body["items"]![0]!["fileName"]!.GetValue<string>().Should().Be("Bride & groom.jpg");
        read["shippingAddress.city"].Should().Be("Berlin");
        (await shop.Api.GetAsync($"/v1/carts/{cart}"))["status"].Should().Be("ordered");
    }

    [Fact]
    public async Task The_same_checkout_again_is_the_same_order_and_another_one_is_refused()
    {
        var shop = await Shop.OpenAsync(api);
        var cart = await shop.CartOfAsync(shop.Web);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.CheckoutAsync(cart, Shop.WebPrice)));

        answers.Should().OnlyContain(a => a.Status == 201);
        answers.Select(a => a["order.id"]).Distinct().Should().ContainSingle();
        answers.Select(a => a["payment.clientSecret"]).Distinct().Should().ContainSingle();
        (await shop.Api.PostAsync($"/v1/carts/{cart}/checkout", shop.CheckoutBody(Shop.WebPrice, email: "other@example.com"))).ShouldBeProblem(409, "cart_ordered");
        (await shop.AddAsync(cart, await shop.PhotoAsync(), shop.Web)).ShouldBeProblem(409, "cart_ordered");
        (await shop.Studio.Api.GetAsync("/v1/orders")).Body!["data"]!.AsArray().Should().ContainSingle();
    }

    [Fact]
    public async Task Nobody_pays_a_price_that_was_not_shown()
    {
        var shop = await Shop.OpenAsync(api);
        var cart = await shop.CartOfAsync(shop.Web);

        (await shop.CheckoutAsync(cart, Shop.WebPrice - 1)).ShouldBeProblem(409, "quote_changed");
        (await shop.Api.PostAsync($"/v1/carts/{cart}/checkout", shop.CheckoutBody(Shop.WebPrice, "USD"))).ShouldBeProblem(422, "currency_mismatch");
        (await shop.CheckoutAsync(await shop.CartAsync(), 0)).ShouldBeProblem(422, "cart_empty");

        (await shop.Studio.Api.GetAsync("/v1/orders")).Body!["data"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task A_quote_that_ended_is_quoted_again_before_it_is_ordered()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Carts:QuoteHours"] = "1" });
        var shop = await Shop.OpenAsync(host);
        var cart = await shop.CartOfAsync(shop.Web);
        await shop.PriceAsync(1500, 1000, 2900);
        host.Clock.Advance(TimeSpan.FromMinutes(61));

        (await shop.Api.GetAsync($"/v1/carts/{cart}"))["status"].Should().Be("expired");
        (await shop.CheckoutAsync(cart, Shop.WebPrice)).ShouldBeProblem(409, "quote_changed");
        (await shop.Api.PostAsync($"/v1/carts/{cart}/refresh")).ShouldBe(200).Amount("total").Should().Be(1000);
        (await shop.CheckoutAsync(cart, 1000)).ShouldBe(201);
    }

    [Fact]
    public async Task Prints_need_a_way_and_an_address()
    {
        var shop = await Shop.OpenAsync(api);
        var cart = await shop.CartAsync();
        (await shop.AddAsync(cart, await shop.PhotoAsync(), shop.Print)).ShouldBe(201);

        (await shop.CheckoutAsync(cart, Shop.PrintPrice)).ShouldBeProblem(422, "shipping_method_required");
        (await shop.Api.PutAsync($"/v1/carts/{cart}/shipping", new { shippingMethodId = "post" })).ShouldBe(200);
        (await shop.Api.PostAsync($"/v1/carts/{cart}/checkout", new { email = "clara@example.com", name = "Clara", expectedTotal = new { amount = Shop.PrintPrice + 690, currency = "EUR" } }))
            .ShouldBeProblem(422, "shipping_address_required");
    }

    [Theory]
    [InlineData("clara@example.com\\r\\nBcc: all@example.com", "Clara")]
    [InlineData("clara", "Clara")]
    [InlineData("clara@localhost", "Clara")]
    [InlineData("clara@@example.com", "Clara")]
    [InlineData("clara..m@example.com", "Clara")]
    [InlineData("\\\"clara m\\\"@example.com", "Clara")]
    [InlineData("clara@example.com, all@example.com", "Clara")]
    [InlineData("clara@-example.com", "Clara")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com", "Clara")]
    [InlineData("", "Clara")]
    [InlineData("clara@example.com", "")]
    [InlineData("clara@example.com", "Clara\\nBcc: all@example.com")]
    [InlineData("clara@example.com", "  ")]
    [InlineData("clara@example.com", "Clara\\u2028x")]
    public async Task An_address_or_a_name_that_could_become_a_header_is_refused(string email, string name)
    {
        var shop = await Shop.OpenAsync(api);
        var cart = await shop.CartOfAsync(shop.Web);

        (await shop.Api.SendAsync(HttpMethod.Post, $"/v1/carts/{cart}/checkout", $$"""{"email":"{{email}}","name":"{{name}}","expectedTotal":{"amount":900,"currency":"EUR"} }"""))
            .ShouldBeProblem(400, "validation_failed");
    }

    [Fact]
    public async Task An_international_domain_is_taken_and_kept_as_punycode()
    {
        var shop = await Shop.OpenAsync(api);
        var cart = await shop.CartOfAsync(shop.Web);

        (await shop.Api.PostAsync($"/v1/carts/{cart}/checkout", shop.CheckoutBody(Shop.WebPrice, email: " clara@MÜLLER.example "))).ShouldBe(201)["order.email"].Should().Be("clara@xn--mller-kva.example");
    }

    [Theory]
    [InlineData("clara@example.com")]
    [InlineData("c.m+wedding@sub.example.co.uk")]
    [InlineData("o'neil@xn--bcher-kva.example")]
    public async Task Ordinary_addresses_are_taken(string email)
    {
        var shop = await Shop.OpenAsync(api);
        var cart = await shop.CartOfAsync(shop.Web);

        (await shop.Api.PostAsync($"/v1/carts/{cart}/checkout", shop.CheckoutBody(Shop.WebPrice, email: email))).ShouldBe(201)["order.email"].Should().Be(email);
    }

    [Fact]
    public async Task Overlong_texts_and_unknown_fields_are_refused()
    {
        var shop = await Shop.OpenAsync(api);
        var cart = await shop.CartOfAsync(shop.Web);
        var total = new { amount = Shop.WebPrice, currency = "EUR" };

        (await shop.Api.PostAsync($"/v1/carts/{cart}/checkout", new { email = "a@example.com", name = new string('x', 101), expectedTotal = total })).ShouldBeProblem(400, "validation_failed");
        (await shop.Api.PostAsync($"/v1/carts/{cart}/checkout", new { email = "a@example.com", name = "x", note = new string('x', 1001), expectedTotal = total })).ShouldBeProblem(400, "validation_failed");
        (await shop.Api.PostAsync($"/v1/carts/{cart}/checkout", new { email = "a@example.com", name = "x", coupon = "x", expectedTotal = total })).ShouldBeProblem(400, "unknown_field");
        (await shop.Api.PostAsync($"/v1/carts/{cart}/checkout", new { email = "a@example.com", name = "x" })).ShouldBeProblem(400, "validation_failed");
    }

    [Fact]
    public async Task What_costs_nothing_is_paid_at_once()
    {
        var shop = await Shop.OpenAsync(api);
        (await shop.Studio.Api.PostAsync("/v1/discounts", new { code = "GIFT", type = "percent", percent = 100 })).ShouldBe(201);
        var cart = await shop.CartOfAsync(shop.Web);
        (await shop.Api.PutAsync($"/v1/carts/{cart}/discount", new { code = "gift" })).ShouldBe(200).Amount("total").Should().Be(0);

        var placed = (await shop.CheckoutAsync(cart, 0)).ShouldBe(201);

        placed.Body!["order"]!["paidAt"].Should().NotBeNull();
        placed["payment.status"].Should().Be("succeeded");
        placed.Body["payment"]!["clientSecret"].Should().BeNull();
    }

    [Fact]
    public async Task Thirty_checkouts_at_once_redeem_a_code_three_times_and_a_canceled_order_gives_it_back()
    {
        var shop = await Shop.OpenAsync(api);
        var discount = (await shop.Studio.Api.PostAsync("/v1/discounts", new { code = "FIRST3", type = "amount", amount = new { amount = 100, currency = "EUR" }, maxRedemptions = 3 })).ShouldBe(201)["id"];
        var photo = await shop.PhotoAsync();
        var carts = new List<(string Cart, VisitorClient Visitor)>();
        for (var i = 0; i < 30; i++)
        {
            var visitor = await shop.Gallery.VisitorAsync();
            var cart = await shop.CartOfAsync(shop.Web, visitor.Api, photo);
            (await visitor.Api.PutAsync($"/v1/carts/{cart}/discount", new { code = "first3" })).ShouldBe(200);
            carts.Add((cart, visitor));
        }

        var answers = await Task.WhenAll(carts.Select(c => shop.CheckoutAsync(c.Cart, Shop.WebPrice - 100, c.Visitor.Api)));

        answers.Count(a => a.Status == 201).Should().Be(3);
        answers.Where(a => a.Status != 201).Should().OnlyContain(a => a.Status == 409 && a["code"] == "discount_unavailable");
        (await Redemptions()).Should().Be(3);
        answers.Where(a => a.Status == 201).Select(a => a["order.number"]).Should().OnlyHaveUniqueItems();
        var won = answers.First(a => a.Status == 201)["order.id"];
        (await shop.Studio.Api.PostAsync($"/v1/orders/{won}/cancel")).ShouldBe(200)["status"].Should().Be("canceled");
        (await shop.Studio.Api.PostAsync($"/v1/orders/{won}/cancel")).ShouldBe(200);
        (await Redemptions()).Should().Be(2);

        async Task<int> Redemptions() => (await shop.Studio.Api.GetAsync($"/v1/discounts/{discount}")).ShouldBe(200).Body!["redemptionCount"]!.GetValue<int>();
    }

    [Fact]
    public async Task A_limited_edition_is_never_sold_twice_and_comes_back_when_unpaid()
    {
        var shop = await Shop.OpenAsync(api);
        (await shop.Studio.Api.PatchAsync($"/v1/products/{shop.Web}", new { stock = 2 })).ShouldBe(200);
        var photo = await shop.PhotoAsync();
        var carts = new List<(string Cart, VisitorClient Visitor)>();
        for (var i = 0; i < 8; i++)
        {
            var visitor = await shop.Gallery.VisitorAsync();
            carts.Add((await shop.CartOfAsync(shop.Web, visitor.Api, photo), visitor));
        }

        var answers = await Task.WhenAll(carts.Select(c => shop.CheckoutAsync(c.Cart, Shop.WebPrice, c.Visitor.Api)));

        answers.Count(a => a.Status == 201).Should().Be(2);
        answers.Where(a => a.Status != 201).Should().OnlyContain(a => a["code"] == "cart_item_unavailable");
        (await shop.InDatabaseAsync(db => db.Set<Product>().Where(p => p.Name == "Web file").Select(p => p.Stock).SingleAsync())).Should().Be(0);
        (await shop.Studio.Api.PostAsync($"/v1/orders/{answers.First(a => a.Status == 201)["order.id"]}/cancel")).ShouldBe(200);
        (await shop.InDatabaseAsync(db => db.Set<Product>().Where(p => p.Name == "Web file").Select(p => p.Stock).SingleAsync())).Should().Be(1);
    }

    [Fact]
    public async Task Orders_are_listed_by_page_and_only_to_those_they_belong_to()
    {
        var shop = await Shop.OpenAsync(api);
        var orders = new List<string> { await shop.OrderAsync(), await shop.OrderAsync(), await shop.OrderAsync() };
        var stranger = (await shop.Gallery.VisitorAsync()).Api;
        var abroad = (await Shop.OpenAsync(api)).Studio.Api;

        var first = (await shop.Studio.Api.GetAsync("/v1/orders?limit=2&status=pending")).ShouldBe(200);
        var second = (await shop.Studio.Api.GetAsync($"/v1/orders?limit=2&status=pending&cursor={first["nextCursor"]}")).ShouldBe(200);

        first.Body!["data"]!.AsArray().Concat(second.Body!["data"]!.AsArray()).Select(o => o!["id"]!.GetValue<string>()).Should().Equal(Enumerable.Reverse(orders));
        (await shop.Studio.Api.GetAsync($"/v1/orders?limit=2&cursor={first["nextCursor"]}")).ShouldBeProblem(400, "invalid_cursor");
        (await shop.Api.GetAsync($"/v1/orders?status=pending&cursor={first["nextCursor"]}")).ShouldBeProblem(400, "invalid_cursor");
        (await shop.Studio.Api.GetAsync("/v1/orders?status=paid")).Body!["data"]!.AsArray().Should().BeEmpty();
        (await shop.Api.GetAsync("/v1/orders")).Body!["data"]!.AsArray().Should().HaveCount(3);
        (await stranger.GetAsync("/v1/orders")).Body!["data"]!.AsArray().Should().BeEmpty();
        foreach (var other in new[] { stranger, abroad })
        {
            (await other.GetAsync($"/v1/orders/{orders[0]}")).ShouldBeProblem(404, "not_found");
        }

        (await stranger.PostAsync($"/v1/orders/{orders[0]}/payments", new { paymentToken = "tok_success" })).ShouldBeProblem(404, "not_found");
        (await abroad.PostAsync($"/v1/orders/{orders[0]}/cancel")).ShouldBeProblem(404, "not_found");
        (await shop.Api.PostAsync($"/v1/orders/{orders[0]}/cancel")).ShouldBeProblem(403, "missing_scope");
        (await shop.StateAsync(orders[0])).Should().Be("pending");
        (await shop.InDatabaseAsync(db => db.Set<Order>().CountAsync())).Should().Be(3);
    }
}
