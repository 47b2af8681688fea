using System.Text.Json;
using System.Text.Json.Nodes;
using FluentAssertions;
using FluentAssertions.Execution;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Notifications;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Api.Orders.Payments;
using Proofsheet.Api.Payments;
using Proofsheet.Api.Payments.Simulator;

namespace Proofsheet.Api.Tests.Crash;

internal sealed partial class Aftermath
{
    private async Task OrdersAsync()
    {
        var orders = (await shop.Studio.GetAsync("/v1/orders?limit=200")).ShouldBe(200).Body!["data"]!.AsArray();
        orders.Select(o => Text(o, "id")).Should().BeEquivalentTo(scenarios.Select(j => j.OrderId), "each checkout made one order");
        orders.Select(o => Text(o, "number")).Should().OnlyHaveUniqueItems();
        foreach (var order in orders)
        {
            using var scope = new AssertionScope($"order {Text(order, "number")}");
            Text(order, "status").Should().Be("paid");
            Text(order!["payment"], "status").Should().Be("succeeded");
            order["payment"]!["amount"]!.ToJsonString().Should().Be(order["total"]!.ToJsonString());
            order["payment"]!["refunded"]!["amount"]!.GetValue<long>().Should().Be(0);
            order["items"]!.AsArray().Should().HaveCount(2);
        }

        var discount = (await shop.Studio.GetAsync($"/v1/discounts/{shop.Discount}")).ShouldBe(200).Body!;
        discount["redemptionCount"]!.GetValue<int>().Should().Be(scenarios.Count(j => j.UsesDiscount), "each order redeems its code once");
        discount["redemptionCount"]!.GetValue<int>().Should().Be(orders.Count(o => o!["discountCode"] is not null));
        await PaymentsAsync(orders);
    }

    /// <summary>Both sides agree: we have one payment per order, and the provider charged each of them once.</summary>
    private async Task PaymentsAsync(JsonArray orders)
    {
        await using var db = site.OpenDatabase();
        var ours = await db.AcrossTenants<Payment>().ToListAsync();
        ours.Select(p => p.OrderId.ToString()).Should().BeEquivalentTo(orders.Select(o => Text(o, "id")));
        (await db.AcrossTenants<Refund>().CountAsync()).Should().Be(0);

        var theirs = Directory.GetFiles(Path.Combine(site.Payments, "payments"), "*.json").Select(f => JsonSerializer.Deserialize<SimulatedPayment>(File.ReadAllText(f))!).ToList();
        theirs.Select(p => (p.Id, p.Amount.Amount)).Should().BeEquivalentTo(ours.Select(p => (p.ProviderId!, p.Amount)));
        theirs.Should().OnlyContain(p => p.Status == PaymentStatus.Succeeded && p.Refunds.Count == 0);
        theirs.Select(p => p.Events.Count(e => e.Event.Kind == PaymentEventKind.Succeeded)).Should().OnlyContain(successes => successes == 1, "the money of each was taken once");
    }

    private async Task DownloadsAsync()
    {
        await using var db = site.OpenDatabase();
        var grants = await db.AcrossTenants<DownloadGrant>().ToListAsync();
        grants.Select(g => (g.OrderId.ToString(), g.PhotoId.ToString())).Should().BeEquivalentTo(
            scenarios.Select(j => (j.OrderId, j.Photos[0].PhotoId)), "each file that was bought has one grant, and prints have none");
        foreach (var scenario in scenarios)
        {
            (await shop.Studio.GetAsync($"/v1/orders/{scenario.OrderId}/downloads")).ShouldBe(200).Body!["data"]!.AsArray().Should().ContainSingle();
        }
    }

    /// <summary>A mail that was sent again after a kill has the same Message-ID, which is its file name here.</summary>
    private async Task MailsAsync()
    {
        await using var db = site.OpenDatabase();
        (await db.AcrossTenants<MailRecord>().Where(m => m.Failure != null).ToListAsync()).Should().BeEmpty("every mail could be sent");
        var mails = Directory.GetFiles(site.Mail, "*.eml").Select(Path.GetFileNameWithoutExtension).ToList();
        foreach (var scenario in scenarios)
        {
            mails.Where(m => m!.Contains(scenario.OrderId, StringComparison.Ordinal)).Select(m => m![..m!.IndexOf('.', StringComparison.Ordinal)])
                .Should().BeEquivalentTo(["order-confirmation", "downloads-ready"], "the buyer of {0} hears of the payment and of the files, each once", scenario.OrderId);
        }
    }
}
