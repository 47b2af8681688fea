using Proofsheet.Shared.Currencies;

namespace Proofsheet.Api.Payments;

/// <summary>The payment provider did not answer, or not in time. Whether it did what it was asked is unknown; every call may be repeated.</summary>
public sealed class PaymentUnavailableException(Exception inner) : Exception("The payment provider does not answer.", inner);

/// <summary>Bounds the time of each call to a provider, and reports time-outs and broken connections as one exception.</summary>
internal sealed class BoundedPayments(IPaymentProvider provider, TimeSpan atMost) : IPaymentProvider
{
    public string Name => provider.Name;

    public Task<PaymentIntent> CreateAsync(PaymentRequest request, CancellationToken cancellation = default) =>
        BoundAsync(stop => provider.CreateAsync(request, stop), cancellation);

    public Task<PaymentIntent> ConfirmAsync(string providerId, string paymentMethodToken, CancellationToken cancellation = default) =>
        BoundAsync(stop => provider.ConfirmAsync(providerId, paymentMethodToken, stop), cancellation);

    public Task<PaymentIntent?> GetAsync(string providerId, CancellationToken cancellation = default) =>
        BoundAsync(stop => provider.GetAsync(providerId, stop), cancellation);

    public Task<PaymentIntent> CancelAsync(string providerId, CancellationToken cancellation = default) =>
        BoundAsync(stop => provider.CancelAsync(providerId, stop), cancellation);

    public Task<PaymentRefund> RefundAsync(string providerId, Money amount, string idempotencyKey, CancellationToken cancellation = default) =>
        BoundAsync(stop => provider.RefundAsync(providerId, amount, idempotencyKey, stop), cancellation);

    public PaymentWebhook ParseWebhook(IHeaderDictionary headers, ReadOnlyMemory<byte> body) => provider.ParseWebhook(headers, body);

    private async Task<T> BoundAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(atMost);
        try
        {
            // Also for a provider that does not watch the token.
            return await call(stop.Token).WaitAsync(stop.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new PaymentUnavailableException(e);
        }
        catch (Exception e) when (e is TimeoutException or HttpRequestException)
        {
            throw new PaymentUnavailableException(e);
        }
    }
}
