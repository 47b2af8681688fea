using FluentAssertions;
using Proofsheet.Api.Payments;
using Proofsheet.Api.Payments.Simulator;
using Proofsheet.Shared.Currencies;
using Xunit;

namespace Proofsheet.Api.Tests.Payments;

public sealed class PaymentSimulatorTests : IAsyncLifetime
{
    private readonly SimulatorHost _host = new();

    private IPaymentProvider Provider => _host.Provider;

    public async ValueTask InitializeAsync() => await _host.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("4242424242424242", PaymentStatus.Succeeded, null)]
    [InlineData("4242 4242 4242 4242", PaymentStatus.Succeeded, null)]
    [InlineData("4000000000000002", PaymentStatus.Declined, "card_declined")]
    [InlineData("4000000000009995", PaymentStatus.Declined, "insufficient_funds")]
    [InlineData("4000002500003155", PaymentStatus.RequiresAction, null)]
    [InlineData("4000000000000077", PaymentStatus.Processing, null)]
    public async Task Each_test_card_behaves_as_it_says(string number, PaymentStatus status, string? decline)
    {
        var payment = await Provider.CreateAsync(SimulatorHost.Order("ord_1"));
        payment.Status.Should().Be(PaymentStatus.Open);

        var confirmed = await Provider.ConfirmAsync(payment.ProviderId, await _host.Simulator.TokenizeAsync(Card(number)));

        confirmed.Status.Should().Be(status);
        confirmed.Decline?.Code.Should().Be(decline);
        (decline is null).Should().Be(confirmed.Decline is null);
        (confirmed.NextAction is not null).Should().Be(status == PaymentStatus.RequiresAction);
        (await Provider.GetAsync(payment.ProviderId)).Should().Be(confirmed);
    }

    [Theory]
    [InlineData("tok_success", PaymentStatus.Succeeded)]
    [InlineData("tok_declined", PaymentStatus.Declined)]
    [InlineData("tok_insufficient_funds", PaymentStatus.Declined)]
    [InlineData("tok_authentication", PaymentStatus.RequiresAction)]
    [InlineData("tok_late_success", PaymentStatus.Processing)]
    public async Task Each_fixed_token_stands_for_its_card(string token, PaymentStatus status)
    {
        var payment = await Provider.CreateAsync(SimulatorHost.Order("ord_1"));

        (await Provider.ConfirmAsync(payment.ProviderId, token)).Status.Should().Be(status);
    }

    [Fact]
    public async Task A_declined_payment_succeeds_with_another_card()
    {
        var payment = await Provider.CreateAsync(SimulatorHost.Order("ord_1"));
        await Provider.ConfirmAsync(payment.ProviderId, "tok_declined");

        var again = await Provider.ConfirmAsync(payment.ProviderId, "tok_success");

        again.Status.Should().Be(PaymentStatus.Succeeded);
        again.Decline.Should().BeNull();
    }

    [Theory]
    [InlineData(true, PaymentStatus.Succeeded)]
    [InlineData(false, PaymentStatus.Declined)]
    public async Task The_payers_answer_to_the_bank_decides(bool approve, PaymentStatus status)
    {
        var payment = await Provider.CreateAsync(SimulatorHost.Order("ord_1"));
        await Provider.ConfirmAsync(payment.ProviderId, "tok_authentication");

        var answered = await _host.Simulator.AuthenticateAsync(payment.ProviderId, approve);

        answered.Status.Should().Be(status);
        answered.Decline?.Code.Should().Be("authentication_failed");
        (await RefusedAsync(() => _host.Simulator.AuthenticateAsync(payment.ProviderId, true))).Should().Be(PaymentErrors.WrongState);
    }

    [Fact]
    public async Task One_order_has_one_payment_however_often_and_at_once_it_is_asked_for()
    {
        var payments = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => Provider.CreateAsync(SimulatorHost.Order("ord_1")))));

        payments.Distinct().Should().ContainSingle();
        (await Provider.CreateAsync(SimulatorHost.Order("ord_2"))).ProviderId.Should().NotBe(payments[0].ProviderId);
    }

    [Fact]
    public async Task The_same_order_with_another_amount_or_currency_is_refused_and_changes_nothing()
    {
        var payment = await Provider.CreateAsync(SimulatorHost.Order("ord_1"));

        (await RefusedAsync(() => Provider.CreateAsync(SimulatorHost.Order("ord_1", 4991)))).Should().Be(PaymentErrors.RepeatedDifferently);
        (await RefusedAsync(() => Provider.CreateAsync(SimulatorHost.Order("ord_1", currency: "USD")))).Should().Be(PaymentErrors.RepeatedDifferently);

        (await Provider.GetAsync(payment.ProviderId)).Should().Be(payment);
    }

    [Theory]
    [InlineData(0, "EUR", PaymentErrors.AmountNotAcceptable)]
    [InlineData(-1, "EUR", PaymentErrors.AmountNotAcceptable)]
    [InlineData(100_000_000, "EUR", PaymentErrors.AmountNotAcceptable)]
    [InlineData(100, "eur", PaymentErrors.CurrencyNotAcceptable)]
    [InlineData(100, "XXX", PaymentErrors.CurrencyNotAcceptable)]
    public async Task Amounts_and_currencies_are_checked(long amount, string currency, string code) =>
        (await RefusedAsync(() => Provider.CreateAsync(SimulatorHost.Order("ord_1", amount, currency)))).Should().Be(code);

    [Fact]
    public async Task Fifty_confirmations_at_once_take_the_money_once()
    {
        var payment = await Provider.CreateAsync(SimulatorHost.Order("ord_1"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Provider.ConfirmAsync(payment.ProviderId, "tok_success"))));

        answers.Should().OnlyContain(a => a.Status == PaymentStatus.Succeeded);
        await _host.WaitForAsync(PaymentEventKind.Succeeded, payment.ProviderId);
        // Another payment's event comes after all those that were due before it.
        var later = await Provider.CreateAsync(SimulatorHost.Order("ord_2"));
        await Provider.ConfirmAsync(later.ProviderId, "tok_success");
        await _host.WaitForAsync(PaymentEventKind.Succeeded, later.ProviderId);
        _host.Received.Select(e => e.ProviderId).Should().BeEquivalentTo(payment.ProviderId, later.ProviderId);
    }

    [Fact]
    public async Task A_late_success_comes_by_webhook_and_is_seen_by_asking()
    {
        var payment = await Provider.CreateAsync(SimulatorHost.Order("ord_1"));
        await Provider.ConfirmAsync(payment.ProviderId, "tok_late_success");

        var happened = await _host.WaitForAsync(PaymentEventKind.Succeeded, payment.ProviderId);

        happened.OrderReference.Should().Be("ord_1");
        happened.Amount.Should().Be(new Money(4990, "EUR"));
        (await Provider.GetAsync(payment.ProviderId))!.Status.Should().Be(PaymentStatus.Succeeded);
        _host.Refused.Should().BeEmpty();
    }

    [Fact]
    public async Task A_delivery_that_fails_is_repeated_with_the_same_id()
    {
        _host.FailingDeliveries = 1;
        var payment = await Provider.CreateAsync(SimulatorHost.Order("ord_1"));
        await Provider.ConfirmAsync(payment.ProviderId, "tok_success");

        var happened = await _host.WaitForAsync(PaymentEventKind.Succeeded, payment.ProviderId);

        happened.Id.Should().Be($"evt_{payment.ProviderId}_1");
    }

    [Fact]
    public async Task A_restart_keeps_every_state_and_the_late_success_still_comes()
    {
        await _host.StopAsync();
        _host.LateSuccessDelay = TimeSpan.FromMinutes(4);
        await _host.StartAsync();
        var paid = await Provider.CreateAsync(SimulatorHost.Order("ord_paid"));
        paid = await Provider.ConfirmAsync(paid.ProviderId, "tok_success");
        var late = await Provider.CreateAsync(SimulatorHost.Order("ord_late"));
        (await Provider.ConfirmAsync(late.ProviderId, "tok_late_success")).Status.Should().Be(PaymentStatus.Processing);

        await _host.StopAsync();
        _host.Clock.Advance(TimeSpan.FromMinutes(5));
        _host.Received.Should().NotContain(e => e.ProviderId == late.ProviderId, "it was not due before the stop");
        await _host.StartAsync();

        (await Provider.GetAsync(paid.ProviderId)).Should().Be(paid);
        (await Provider.CreateAsync(SimulatorHost.Order("ord_paid"))).Should().Be(paid);
        await _host.WaitForAsync(PaymentEventKind.Succeeded, late.ProviderId);
        await _host.WaitForAsync(PaymentEventKind.Succeeded, paid.ProviderId);
    }

    [Fact]
    public async Task A_canceled_payment_is_never_paid_and_a_paid_one_is_not_canceled()
    {
        var late = await Provider.CreateAsync(SimulatorHost.Order("ord_late"));
        await Provider.ConfirmAsync(late.ProviderId, "tok_late_success");
        (await Provider.CancelAsync(late.ProviderId)).Status.Should().Be(PaymentStatus.Canceled);
        var paid = await Provider.CreateAsync(SimulatorHost.Order("ord_paid"));
        await Provider.ConfirmAsync(paid.ProviderId, "tok_success");

        (await Provider.CancelAsync(paid.ProviderId)).Status.Should().Be(PaymentStatus.Succeeded);
        _host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await Provider.GetAsync(late.ProviderId))!.Status.Should().Be(PaymentStatus.Canceled);
        (await RefusedAsync(() => Provider.ConfirmAsync(late.ProviderId, "tok_success"))).Should().Be(PaymentErrors.WrongState);
    }

    [Fact]
    public async Task Refunds_never_exceed_the_payment_and_a_key_is_one_refund()
    {
        var payment = await Provider.CreateAsync(SimulatorHost.Order("ord_1", 1000));
        (await RefusedAsync(() => Refund(100, "early"))).Should().Be(PaymentErrors.WrongState);
        await Provider.ConfirmAsync(payment.ProviderId, "tok_success");

        var first = await Refund(300, "a");
        (await Refund(300, "a")).Should().Be(first);
        (await RefusedAsync(() => Refund(301, "a"))).Should().Be(PaymentErrors.RepeatedDifferently);
        (await RefusedAsync(() => Refund(701, "b"))).Should().Be(PaymentErrors.RefundExceedsPayment);
        (await RefusedAsync(() => Refund(0, "c"))).Should().Be(PaymentErrors.AmountNotAcceptable);
        (await RefusedAsync(() => Provider.RefundAsync(payment.ProviderId, new Money(1, "USD"), "d"))).Should().Be(PaymentErrors.CurrencyNotAcceptable);

        var parallel = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            try
            {
                await Refund(100, $"p{i}");
                return 1;
            }
            catch (PaymentException)
            {
                return 0;
            }
        })));

        parallel.Sum().Should().Be(7);
        (await Provider.GetAsync(payment.ProviderId))!.Refunded.Should().Be(new Money(1000, "EUR"));

        Task<PaymentRefund> Refund(long amount, string key) => Provider.RefundAsync(payment.ProviderId, new Money(amount, "EUR"), key);
    }

    [Theory]
    [InlineData("sim_00000000000000000000000000000000")]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    public async Task An_unknown_payment_is_null_or_refused(string id)
    {
        (await Provider.GetAsync(id)).Should().BeNull();
        (await RefusedAsync(() => Provider.ConfirmAsync(id, "tok_success"))).Should().Be(PaymentErrors.UnknownPayment);
    }

    [Theory]
    [InlineData("4111111111111111", 12, 2099, "123")]
    [InlineData("4242424242424242", 13, 2099, "123")]
    [InlineData("4242424242424242", 1, 2024, "123")]
    [InlineData("4242424242424242", 1, 99, "123")]
    [InlineData("4242424242424242", 12, 2099, "12")]
    [InlineData("4242424242424242", 12, 2099, "12a")]
    [InlineData("", 12, 2099, "123")]
    public async Task Cards_that_are_no_test_cards_or_not_whole_are_refused(string number, int month, int year, string cvc) =>
        (await RefusedAsync(() => _host.Simulator.TokenizeAsync(new CardDetails { Number = number, ExpiryMonth = month, ExpiryYear = year, Cvc = cvc })))
            .Should().Be(PaymentErrors.MethodNotAcceptable);

    [Fact]
    public async Task Tokens_hold_no_number_and_cannot_be_made_up_and_a_number_is_no_token()
    {
        var payment = await Provider.CreateAsync(SimulatorHost.Order("ord_1"));
        var declined = await _host.Simulator.TokenizeAsync(Card("4000000000000002"));
        var text = System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(declined.AsSpan(4, declined.IndexOf('.') - 4)));

        text.Should().MatchRegex("^IsDeclined:[0-9]{10}$");
        foreach (var token in new[] { declined + "x", declined[..^1], "tok_", "tok_x.y", "4242424242424242", "" })
        {
            (await RefusedAsync(() => Provider.ConfirmAsync(payment.ProviderId, token))).Should().Be(PaymentErrors.MethodNotAcceptable);
        }

        Card("4242424242424242").ToString().Should().NotContain("4242");
        payment.ToString().Should().NotContain("secret");
    }

    private static CardDetails Card(string number) => new() { Number = number, ExpiryMonth = 12, ExpiryYear = 2099, Cvc = "123" };

    private static async Task<string> RefusedAsync(Func<Task> action) => (await Assert.ThrowsAsync<PaymentException>(action)).Code;
}
