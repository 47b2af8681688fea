using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Orders.Payments;
using Proofsheet.Api.Payments;
using Proofsheet.Api.Payments.Simulator;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Ids;
using Xunit;

namespace Proofsheet.Api.Tests.Orders;

[Trait("Database", "Provider")]
public sealed class PaymentTests(ApiHost api)
{
    [Fact]
    public async Task A_card_that_works_pays_the_order()
    {
        var shop = await Shop.OpenAsync(api);
        var order = await shop.OrderAsync();
        var token = (await shop.Api.PostAsync("/v1/payments/simulator/tokens", new { number = "4242 4242 4242 4242", expiryMonth = 12, expiryYear = 2090, cvc = "123" })).ShouldBe(200)["token"];

        var paid = (await shop.PayAsync(order, token)).ShouldBe(200);

        paid["status"].Should().Be("succeeded");
        paid.Amount("amount").Should().Be(Shop.WebPrice);
        (await shop.Api.GetAsync($"/v1/orders/{order}")).Body!["paidAt"].Should().NotBeNull();
        (await shop.Studio.Api.PostAsync($"/v1/orders/{order}/cancel")).ShouldBeProblem(409, "order_paid");
    }

    [Theory]
    [InlineData("4000000000000002", "card_declined")]
    [InlineData("4000000000009995", "insufficient_funds")]
    public async Task A_refused_card_is_an_answer_and_another_may_be_tried(string number, string code)
    {
        var shop = await Shop.OpenAsync(api);
        var order = await shop.OrderAsync();
        var token = (await shop.Api.PostAsync("/v1/payments/simulator/tokens", new { number, expiryMonth = 12, expiryYear = 2090, cvc = "123" })).ShouldBe(200)["token"];

        var refused = (await shop.PayAsync(order, token)).ShouldBe(200);

        refused["status"].Should().Be("declined");
        refused["declineCode"].Should().Be(code);
        refused["declineMessage"].Should().NotBeEmpty();
        (await shop.StateAsync(order)).Should().Be("pending");
        (await shop.PayAsync(order)).ShouldBe(200)["status"].Should().Be("succeeded");
        (await shop.InDatabaseAsync(db => db.Set<PaymentAttempt>().OrderBy(a => a.Id).Select(a => a.Status).ToListAsync()))
            .Should().Equal(OrderPaymentStatus.Declined, OrderPaymentStatus.Succeeded);
    }

    [Fact]
    public async Task A_payment_that_the_bank_asks_about_waits_for_the_answer()
    {
        var shop = await Shop.OpenAsync(api);
        var (approved, denied) = (await shop.OrderAsync(), await shop.OrderAsync());
        var first = (await shop.PayAsync(approved, "tok_authentication")).ShouldBe(200);
        var second = (await shop.PayAsync(denied, "tok_authentication")).ShouldBe(200);
        first["status"].Should().Be("requires_action");
        first["nextAction.type"].Should().Be("simulator_authentication");
        (await shop.StateAsync(approved)).Should().Be("pending");
        var stranger = (await shop.Gallery.VisitorAsync()).Api;
        (await stranger.PostAsync($"/v1/payments/simulator/{first["id"]}/authenticate", new { isApproved = true })).ShouldBeProblem(404, "not_found");

        (await shop.Api.PostAsync($"/v1/payments/simulator/{first["id"]}/authenticate", new { isApproved = true })).ShouldBe(200)["status"].Should().Be("succeeded");
        var no = (await shop.Api.PostAsync($"/v1/payments/simulator/{second["id"]}/authenticate", new { isApproved = false })).ShouldBe(200);

        no["status"].Should().Be("declined");
        no["declineCode"].Should().Be("authentication_failed");
        await shop.PaidAsync(approved);
        (await shop.StateAsync(denied)).Should().Be("pending");
        (await shop.Api.PostAsync($"/v1/payments/simulator/{first["id"]}/authenticate", new { isApproved = false })).ShouldBeProblem(409, "payment_wrong_status");
    }

    [Fact]
    public async Task A_late_success_pays_the_order_by_webhook()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Payments:Simulator:LateSuccessDelay"] = "00:00:01", ["Payments:Simulator:PollInterval"] = "00:00:00.100" });
        var shop = await Shop.OpenAsync(host);
        var order = await shop.OrderAsync();

        (await shop.PayAsync(order, "tok_late_success")).ShouldBe(200)["status"].Should().Be("processing");

        (await shop.StateAsync(order)).Should().Be("pending");
        await shop.PaidAsync(order);
        (await shop.InDatabaseAsync(db => db.Set<PaymentNotice>().CountAsync(n => n.Kind == PaymentEventKind.Succeeded))).Should().Be(1);
    }

    [Fact]
    public async Task Twenty_payments_of_one_order_at_once_charge_it_once()
    {
        var shop = await Shop.OpenAsync(api);
        var order = await shop.OrderAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.PayAsync(order)));

        answers.Should().OnlyContain(a => a.Status == 200 && a["status"] == "succeeded");
        var intent = await IntentAsync(shop, order);
        intent.Status.Should().Be(PaymentStatus.Succeeded);
        intent.Amount.Should().Be(new Money(Shop.WebPrice, "EUR"));
        (await shop.InDatabaseAsync(db => db.Set<Payment>().CountAsync())).Should().Be(1);
        (await shop.InDatabaseAsync(db => db.Set<Proofsheet.Shared.Outbox.OutboxMessage>()
            .CountAsync(m => m.Event == "orders.paid" && m.Handler == null && m.Payload.Contains(order)))).Should().Be(1);
    }

    [Fact]
    public async Task Webhooks_that_come_twice_or_are_forged_change_nothing()
    {
        var shop = await Shop.OpenAsync(api);
        var order = await shop.OrderAsync();
        var simulator = api.Services.GetRequiredService<PaymentSimulator>();
        var intent = await IntentAsync(shop, order);
        var body = System.Text.Encoding.UTF8.GetBytes($$"""
            {"id":"evt_{{order}}_x","sequence":7,"kind":"succeeded","providerId":"{{intent.ProviderId}}","orderReference":"{{order}}","amount":{"amount":900,"currency":"EUR"},"refunded":{"amount":0,"currency":"EUR"},"decline":null,"at":"2026-01-01T00:00:00Z"}
            """);
        Task<ApiAnswer> Post(string? signature, string provider = "simulator") => api.Client(null).SendAsync(HttpMethod.Post, $"/v1/webhooks/payments/{provider}", new ByteArrayContent(body), r =>
        {
            if (signature is not null)
            {
                r.Headers.TryAddWithoutValidation(PaymentSimulator.SignatureHeader, signature);
            }
        });

        (await Post(null)).ShouldBeProblem(400, "webhook_signature_invalid");
        (await Post("t=1,v1=00")).ShouldBeProblem(400, "webhook_signature_invalid");
        (await Post(simulator.SignWebhook(body), "stripe")).ShouldBeProblem(404, "not_found");
        var genuine = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Post(simulator.SignWebhook(body))));

        genuine.Should().OnlyContain(a => a.Status == 204);
        (await shop.InDatabaseAsync(db => db.Set<PaymentNotice>().CountAsync(n => n.EventId == $"evt_{order}_x"))).Should().Be(1);
        // The event claims a success that the provider does not confirm when asked.
        await ApiHost.EventuallyAsync(() => shop.InDatabaseAsync(db => db.Set<Proofsheet.Shared.Outbox.OutboxMessage>()
            .AnyAsync(m => m.Event == "orders.payment_check_due" && m.Payload.Contains(order) && m.DoneAt != null)), "the event was looked into");
        (await shop.StateAsync(order)).Should().Be("pending");
    }

    [Fact]
    public async Task The_refusal_of_an_earlier_try_says_nothing_about_the_one_under_way()
    {
        var shop = await Shop.OpenAsync(api);
        var order = await shop.OrderAsync();
        var id = Id<Order>.Parse(order, null);
        (await shop.PayAsync(order, "tok_declined")).ShouldBe(200);
        var old = await IntentAsync(shop, order);
        (await shop.PayAsync(order, "tok_authentication")).ShouldBe(200)["status"].Should().Be("requires_action");

        // The result of a check that was requested before the second try and returns after it.
        var taken = await api.InScopeAsync(shop.Studio.Id, s => s.GetRequiredService<OrderPayments>().SettleAsync(id, old, isLate: true, default, askedAt: 1));

        taken.Should().BeFalse();
        (await shop.Studio.Api.GetAsync($"/v1/orders/{order}"))["payment.status"].Should().Be("requires_action");
        (await shop.InDatabaseAsync(db => db.Set<PaymentAttempt>().OrderBy(a => a.Id).Select(a => a.Status).ToListAsync()))
            .Should().Equal(OrderPaymentStatus.Declined, OrderPaymentStatus.RequiresAction);
    }

    [Fact]
    public async Task An_answer_that_was_lost_with_the_process_is_asked_for_again()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Payments:Simulator:WebhookUrl"] = "http://127.0.0.1:9/nowhere" });
        var shop = await Shop.OpenAsync(host);
        var order = await shop.OrderAsync();
        var id = Id<Order>.Parse(order, null);
        // What a process leaves behind that dies between the provider's response and saving it.
        await host.InScopeAsync(shop.Studio.Id, s => s.GetRequiredService<OrderPayments>().BeginAttemptAsync(id, default));
        var provider = host.Services.GetRequiredService<IPaymentProvider>();
        await provider.ConfirmAsync((await IntentAsync(shop, order)).ProviderId, "tok_success");
        (await shop.StateAsync(order)).Should().Be("pending");

        host.Clock.Advance(TimeSpan.FromMinutes(1));

        await shop.PaidAsync(order);
    }

    [Fact]
    public async Task An_order_that_is_not_paid_in_time_is_canceled_and_can_never_be_paid()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Orders:UnpaidHours"] = "1" });
        var shop = await Shop.OpenAsync(host);
        var order = await shop.OrderAsync();

        host.Clock.Advance(TimeSpan.FromMinutes(61));

        await ApiHost.EventuallyAsync(async () => await shop.StateAsync(order) == "canceled", "the order is canceled");
        (await shop.PayAsync(order)).ShouldBeProblem(409, "order_not_payable");
        (await IntentAsync(shop, order)).Status.Should().Be(PaymentStatus.Canceled);
    }

    [Fact]
    public async Task Money_that_comes_for_a_canceled_order_is_given_back_once()
    {
        var shop = await Shop.OpenAsync(api);
        var order = await shop.OrderAsync();
        var intent = await IntentAsync(shop, order);
        // As if the order had been canceled while the provider could not be reached.
        await shop.InDatabaseAsync(db => db.SetAsync<Order>(_ => true, nameof(Order.Status), OrderStatus.Canceled));

        await api.Services.GetRequiredService<IPaymentProvider>().ConfirmAsync(intent.ProviderId, "tok_success");

        await ApiHost.EventuallyAsync(async () => (await IntentAsync(shop, order)).Refunded.Amount == Shop.WebPrice, "the money is given back");
        await ApiHost.EventuallyAsync(() => shop.InDatabaseAsync(db => db.Set<Refund>().AnyAsync(r => r.DoneAt != null)), "the refund is written down");
        (await shop.InDatabaseAsync(db => db.Set<Refund>().CountAsync())).Should().Be(1);
        (await shop.StateAsync(order)).Should().Be("canceled");
        (await shop.Studio.Api.GetAsync($"/v1/orders/{order}")).Amount("payment.refunded").Should().Be(Shop.WebPrice);
    }

    [Theory]
    [InlineData("""{"number":"5555555555554444","expiryMonth":12,"expiryYear":2090,"cvc":"123"}""", 422, "payment_method_not_acceptable")]
    [InlineData("""{"number":"4242424242424242","expiryMonth":1,"expiryYear":2020,"cvc":"123"}""", 422, "payment_method_not_acceptable")]
    [InlineData("""{"number":"4242424242424242","expiryMonth":13,"expiryYear":2090,"cvc":"123"}""", 400, "validation_failed")]
    [InlineData("""{"number":"4242424242424242","expiryMonth":12,"expiryYear":2090,"cvc":"123","pin":"1"}""", 400, "unknown_field")]
    public async Task Only_test_cards_become_tokens(string body, int status, string code)
    {
        var shop = await Shop.OpenAsync(api);

        (await shop.Api.SendAsync(HttpMethod.Post, "/v1/payments/simulator/tokens", body)).ShouldBeProblem(status, code);
    }

    [Fact]
    public async Task A_token_that_is_none_changes_nothing()
    {
        var shop = await Shop.OpenAsync(api);
        var order = await shop.OrderAsync();

        (await shop.PayAsync(order, "tok_nonsense")).ShouldBeProblem(422, "payment_method_not_acceptable");
        (await shop.PayAsync(order, new string('x', 501))).ShouldBeProblem(400, "validation_failed");
        (await shop.PayAsync("ord_00000000000000000000000000")).ShouldBeProblem(404, "not_found");

        (await shop.StateAsync(order)).Should().Be("pending");
    }

    [Fact]
    public async Task The_status_of_prints_moves_forward_and_the_order_follows()
    {
        var shop = await Shop.OpenAsync(api);
        var order = await shop.OrderAsync(shop.Print);
        var item = (await shop.Studio.Api.GetAsync($"/v1/orders/{order}")).Body!["items"]![0]!["id"]!.GetValue<string>();
        var path = $"/v1/orders/{order}/items/{item}";
        (await shop.Studio.Api.PatchAsync(path, new { status = "processing" })).ShouldBeProblem(409, "order_item_status_not_allowed");
        (await shop.PayAsync(order)).ShouldBe(200);

        foreach (var status in new[] { "processing", "shipped", "completed" })
        {
            var changed = (await shop.Studio.Api.PatchAsync(path, new { status })).ShouldBe(200);
            changed["status"].Should().Be(status);
            (await shop.Studio.Api.PatchAsync(path, new { status })).ShouldBe(200).ETag.Should().Be(changed.ETag, "a patch to what is there changes nothing");
        }

        (await shop.Studio.Api.PatchAsync(path, new { status = "shipped" })).ShouldBeProblem(409, "order_item_status_not_allowed");
        (await shop.Studio.Api.PatchAsync(path, new { status = "lost" })).ShouldBeProblem(400, "malformed_json");
        (await shop.Studio.Api.PatchAsync(path, new { status = "completed" }, "\"v1\"")).ShouldBeProblem(412, "version_mismatch");
    }

    private static Task<PaymentIntent> IntentAsync(Shop shop, string order) => shop.Host.InScopeAsync(shop.Studio.Id, async services =>
    {
        var provider = services.GetRequiredService<IPaymentProvider>();
        return (await provider.GetAsync(SimulatorStore.IdOf(order)))!;
    });
}
