using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Proofsheet.Api.Payments;
using Proofsheet.Shared.Currencies;
using Xunit;

namespace Proofsheet.Api.Tests.Payments;

public sealed class BoundedPaymentsTests
{
    private sealed class Provider(Func<CancellationToken, Task> answer) : IPaymentProvider
    {
        public string Name => "slow";

        public Task<PaymentIntent> CreateAsync(PaymentRequest request, CancellationToken cancellation = default) => AnswerAsync<PaymentIntent>(cancellation);

        public Task<PaymentIntent> ConfirmAsync(string providerId, string paymentMethodToken, CancellationToken cancellation = default) => AnswerAsync<PaymentIntent>(cancellation);

        public Task<PaymentIntent?> GetAsync(string providerId, CancellationToken cancellation = default) => AnswerAsync<PaymentIntent?>(cancellation);

        public Task<PaymentIntent> CancelAsync(string providerId, CancellationToken cancellation = default) => AnswerAsync<PaymentIntent>(cancellation);

        public Task<PaymentRefund> RefundAsync(string providerId, Money amount, string idempotencyKey, CancellationToken cancellation = default) => AnswerAsync<PaymentRefund>(cancellation);

        public PaymentWebhook ParseWebhook(IHeaderDictionary headers, ReadOnlyMemory<byte> body) => new(null, WebhookRefusal.None);

        private async Task<T> AnswerAsync<T>(CancellationToken cancellation)
        {
            await answer(cancellation);
            return default!;
        }
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_unavailable_whether_it_watches_the_token_or_not()
    {
        foreach (var answer in (Func<CancellationToken, Task>[])[stop => Task.Delay(Timeout.Infinite, stop), _ => Task.Delay(Timeout.Infinite, CancellationToken.None)])
        {
            var payments = new BoundedPayments(new Provider(answer), TimeSpan.FromMilliseconds(50));
            foreach (var call in (Func<Task>[])[() => payments.CreateAsync(null!), () => payments.ConfirmAsync("", ""), () => payments.GetAsync(""), () => payments.CancelAsync(""), () => payments.RefundAsync("", default, "")])
            {
                var unavailable = (await call.Should().ThrowAsync<PaymentUnavailableException>()).Which;
                new PaymentProblems().Translate(new DefaultHttpContext(), unavailable)!.Status.Should().Be(503);
            }
        }
    }

    [Theory]
    [InlineData(typeof(HttpRequestException))]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(TaskCanceledException))]
    public async Task A_broken_connection_is_unavailable(Type fault)
    {
        var payments = new BoundedPayments(new Provider(_ => throw (Exception)Activator.CreateInstance(fault)!), TimeSpan.FromSeconds(30));

        await payments.Invoking(p => p.GetAsync("")).Should().ThrowAsync<PaymentUnavailableException>();
    }

    [Fact]
    public async Task A_refusal_and_a_caller_that_goes_away_stay_what_they_are()
    {
        var refusing = new BoundedPayments(new Provider(_ => throw new PaymentException("card_declined", "No.")), TimeSpan.FromSeconds(30));
        var slow = new BoundedPayments(new Provider(stop => Task.Delay(Timeout.Infinite, stop)), TimeSpan.FromSeconds(30));
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await refusing.Invoking(p => p.GetAsync("")).Should().ThrowAsync<PaymentException>();
        await slow.Invoking(p => p.GetAsync("", leaving.Token)).Should().ThrowAsync<OperationCanceledException>();
    }
}
