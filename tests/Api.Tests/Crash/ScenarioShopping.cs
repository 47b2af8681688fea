using System.Text.Json.Nodes;
using FluentAssertions;

namespace Proofsheet.Api.Tests.Crash;

/// <summary>The client's part: unlocks, buys a file and a print, and pays with one card after another.</summary>
internal sealed partial class Scenario
{
    /// <summary>What is typed into the card form, one after another, until the order is paid.</summary>
    private static readonly string[][] Cards =
    [
        ["4242424242424242"],
        ["4000000000000077"],
        ["4000000000000002", "4242424242424242"],
        ["4000002500003155"],
    ];

    public string OrderId { get; private set; } = "";

    public bool UsesDiscount { get; } = number % 2 == 0;

    private async Task BuyAsync(StubbornClient visitor)
    {
        var cart = await FillCartAsync(visitor);
        schedule.Announce(Moment.Checkout);
        var placed = (await visitor.PostAsync($"/v1/carts/{cart["id"]}/checkout", new
        {
            email = $"client{number}@example.com",
            name = Name,
            shippingAddress = new { line1 = "Hauptstraße 1", city = "Bregenz", postalCode = "6900", country = "AT" },
            expectedTotal = cart["total"],
        })).ShouldBe(201);
        OrderId = placed["order.id"];
        await PayAsync(visitor);
        await DownloadAsync(visitor);
    }

    private async Task<JsonNode> FillCartAsync(StubbornClient visitor)
    {
        schedule.Announce(Moment.Cart);
        var path = $"/v1/carts/{(await visitor.PostAsync($"/v1/galleries/{GalleryId}/carts")).ShouldBe(201)["id"]}";
        (await visitor.PostAsync($"{path}/items", new { photoId = Photos[0].PhotoId, productId = shop.FileProduct, quantity = 1 })).ShouldBe(201);
        (await visitor.PostAsync($"{path}/items", new { photoId = Photos[1].PhotoId, productId = shop.PrintProduct, quantity = 2 })).ShouldBe(201);
        if (UsesDiscount)
        {
            (await visitor.PutAsync($"{path}/discount", new { code = Shop.DiscountCode })).ShouldBe(200);
        }

        var cart = (await visitor.PutAsync($"{path}/shipping", new { shippingMethodId = Shop.ShippingMethod })).ShouldBe(200).Body!;
        cart["items"]!.AsArray().Should().HaveCount(2, "an item whose answer got lost is not put in twice");
        return cart;
    }

    private async Task PayAsync(StubbornClient visitor)
    {
        foreach (var card in Cards[number % Cards.Length])
        {
            var token = (await visitor.PostAsync("/v1/payments/simulator/tokens", new { number = card, expiryMonth = 12, expiryYear = 2090, cvc = "123" })).ShouldBe(200)["token"];
            schedule.Announce(Moment.Payment);
            var payment = (await visitor.PostAsync($"/v1/orders/{OrderId}/payments", new { paymentToken = token })).ShouldBe(200);
            if (payment["status"] == "requires_action")
            {
                // 409: an earlier try, whose response was lost, has approved it.
                var approved = await visitor.PostAsync($"/v1/payments/simulator/{payment["id"]}/authenticate", new { isApproved = true });
                approved.Status.Should().BeOneOf([200, 409], "it answered {0}", approved.Text);
            }
        }

        await schedule.UntilAsync(async () => (await visitor.GetAsync($"/v1/orders/{OrderId}")).ShouldBe(200)["status"] == "paid", $"the order of {Name} is paid");
    }

    private async Task DownloadAsync(StubbornClient visitor)
    {
        JsonNode? file = null;
        await schedule.UntilAsync(
            async () => (file = (await visitor.GetAsync($"/v1/orders/{OrderId}/downloads")).ShouldBe(200).Body!["data"]!.AsArray().FirstOrDefault()) is not null,
            $"the file of {Name} can be downloaded");
        var bytes = (await visitor.GetAsync(file!["url"]!.GetValue<string>())).ShouldBe(200).Bytes;
        Sha256(bytes).Should().Be(Photos[0].Sha256, "the file that was bought is the original");
    }
}
