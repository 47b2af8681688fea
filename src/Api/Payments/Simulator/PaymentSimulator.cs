using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Api.Payments.Simulator;

/// <summary>
/// A payment provider without money: test cards, authentication, late success, refunds, signed webhooks. It behaves like a
/// real one where it matters: when requests are repeated, late or interrupted.
/// </summary>
internal sealed class PaymentSimulator(
    SimulatorStore store, CardTokens cards, Keyring keyring, TimeProvider clock, IOptions<PaymentOptions> options) : IPaymentProvider
{
    public const string SignatureHeader = "Simulator-Signature";

    private readonly byte[][] _webhookSecrets = [.. keyring.DeriveAll("payments-simulator-webhook")];

    public string Name => "simulator";

    public Task<PaymentIntent> CreateAsync(PaymentRequest request, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(request.OrderReference);
        if (Currencies.Digits(request.Amount.Currency) is null)
        {
            throw new PaymentException(PaymentErrors.CurrencyNotAcceptable, "This currency is not taken.");
        }

        if (request.Amount.Amount <= 0 || request.Amount.Amount > Currencies.MaxAmount(request.Amount.Currency))
        {
            throw new PaymentException(PaymentErrors.AmountNotAcceptable, $"A payment lies between 1 and {Currencies.MaxAmountText(request.Amount.Currency)}.");
        }

        var id = SimulatorStore.IdOf(request.OrderReference);
        return store.ChangeAsync(id, Repeated, cancellation, make: () => new SimulatedPayment
        {
            Id = id,
            OrderReference = request.OrderReference,
            ClientSecret = $"{id}_secret_{RandomNumberGenerator.GetHexString(32, lowercase: true)}",
            Amount = request.Amount,
            Description = request.Description,
            CustomerEmail = request.CustomerEmail,
            Metadata = request.Metadata,
        });

        PaymentIntent Repeated(SimulatedPayment payment)
        {
            if (payment.Amount != request.Amount)
            {
                throw new PaymentException(PaymentErrors.RepeatedDifferently, $"This order has a payment of {payment.Amount} already.");
            }

            payment.Advance(clock.GetUtcNow());
            return payment.ToIntent();
        }
    }

    public Task<PaymentIntent> ConfirmAsync(string providerId, string paymentMethodToken, CancellationToken cancellation = default)
    {
        var card = cards.Read(paymentMethodToken);
        return ChangeAsync(providerId, (payment, now) => payment.Confirm(card, now, options.Value.SimulatorSettings.LateSuccessDelay), cancellation);
    }

    public async Task<PaymentIntent?> GetAsync(string providerId, CancellationToken cancellation = default)
    {
        try
        {
            return await ChangeAsync(providerId, (_, _) => { }, cancellation);
        }
        catch (PaymentException e) when (e.Code == PaymentErrors.UnknownPayment)
        {
            return null;
        }
    }

    public Task<PaymentIntent> CancelAsync(string providerId, CancellationToken cancellation = default) =>
        ChangeAsync(providerId, (payment, now) => payment.Cancel(now), cancellation);

    public Task<PaymentRefund> RefundAsync(string providerId, Money amount, string idempotencyKey, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(idempotencyKey);
        return store.ChangeAsync(providerId, payment =>
        {
            var now = clock.GetUtcNow();
            payment.Advance(now);
            return payment.Refund(amount, idempotencyKey, now);
        }, cancellation);
    }

    public PaymentWebhook ParseWebhook(IHeaderDictionary headers, ReadOnlyMemory<byte> body)
    {
        var refusal = WebhookSignature.Check(headers[SignatureHeader], body, _webhookSecrets, clock.GetUtcNow());
        if (refusal != WebhookRefusal.None)
        {
            return new PaymentWebhook(null, refusal);
        }

        try
        {
            return new PaymentWebhook(JsonSerializer.Deserialize<PaymentEvent>(body.Span, SimulatorWebhooks.Json), WebhookRefusal.None);
        }
        catch (JsonException)
        {
            return new PaymentWebhook(null, WebhookRefusal.Malformed);
        }
    }

    /// <summary>Called by the simulator's card form: our API takes only tokens and never sees a card number.</summary>
    public Task<string> TokenizeAsync(CardDetails card, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(cards.Make(card));
    }

    /// <summary>The payer's response to the bank, for a payment that <see cref="PaymentStatus.RequiresAction"/>.</summary>
    public Task<PaymentIntent> AuthenticateAsync(string providerId, bool approve, CancellationToken cancellation = default) =>
        ChangeAsync(providerId, (payment, now) => payment.Authenticate(approve, now), cancellation);

    // Signing with the newest key is enough, because the verifier accepts all of them.
    public string SignWebhook(ReadOnlyMemory<byte> body) => WebhookSignature.Sign(_webhookSecrets[..1], clock.GetUtcNow(), body);

    private Task<PaymentIntent> ChangeAsync(string providerId, Action<SimulatedPayment, DateTimeOffset> change, CancellationToken cancellation) =>
        store.ChangeAsync(providerId, payment =>
        {
            var now = clock.GetUtcNow();
            payment.Advance(now);
            change(payment, now);
            return payment.ToIntent();
        }, cancellation);
}
