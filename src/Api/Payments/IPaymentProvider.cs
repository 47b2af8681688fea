using Proofsheet.Shared.Currencies;

namespace Proofsheet.Api.Payments;

/// <summary>
/// Charges and refunds money. A payment is created for an order and confirmed with a payment method that the payer's browser
/// turned into a token. It may complete at once, after the payer authenticates, or later by webhook.
/// </summary>
/// <remarks>Every call may be repeated. Refusals of the provider are thrown as <see cref="PaymentException"/>.</remarks>
public interface IPaymentProvider
{
    /// <summary>Lower case, as in the URL of its webhook.</summary>
    string Name { get; }

    /// <summary>Creates the payment of an order, or returns the existing one.</summary>
    Task<PaymentIntent> CreateAsync(PaymentRequest request, CancellationToken cancellation = default);

    /// <summary>Tries to charge. A succeeded payment is not changed; a declined one may be tried again.</summary>
    Task<PaymentIntent> ConfirmAsync(string providerId, string paymentMethodToken, CancellationToken cancellation = default);

    /// <summary>The current state, which takes precedence if a webhook and a response disagree; null if there is no such payment.</summary>
    Task<PaymentIntent?> GetAsync(string providerId, CancellationToken cancellation = default);

    /// <summary>Ensures that an unpaid payment can never be paid. One that has already succeeded is returned as succeeded.</summary>
    Task<PaymentIntent> CancelAsync(string providerId, CancellationToken cancellation = default);

    /// <summary>Refunds all or part of a payment. The same key is the same refund; refunds never exceed what was paid.</summary>
    Task<PaymentRefund> RefundAsync(string providerId, Money amount, string idempotencyKey, CancellationToken cancellation = default);

    /// <summary>Reads a webhook and verifies its sender. Deliveries may repeat: the caller has to remember the ids of events.</summary>
    PaymentWebhook ParseWebhook(IHeaderDictionary headers, ReadOnlyMemory<byte> body);
}

public sealed record PaymentRequest
{
    /// <summary>The order's id; one order has one payment.</summary>
    public required string OrderReference { get; init; }

    public required Money Amount { get; init; }

    /// <summary>What the payer sees on the statement.</summary>
    public required string Description { get; init; }

    public string? CustomerEmail { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

public enum PaymentStatus
{
    /// <summary>Waiting for a payment method.</summary>
    Open,

    /// <summary>Waiting for the payer: see <see cref="PaymentIntent.NextAction"/>.</summary>
    RequiresAction,

    /// <summary>The provider reports the result by webhook.</summary>
    Processing,
    Succeeded,

    /// <summary>Declined: see <see cref="PaymentIntent.Decline"/>. Another payment method can be tried.</summary>
    Declined,
    Canceled,
}

public sealed record PaymentIntent
{
    public required string ProviderId { get; init; }

    public required string OrderReference { get; init; }

    /// <summary>Lets the payer's browser complete this payment and nothing else; must not be logged.</summary>
    public required string ClientSecret { get; init; }

    public required Money Amount { get; init; }

    public required Money Refunded { get; init; }

    public required PaymentStatus Status { get; init; }

    public PaymentDecline? Decline { get; init; }

    public PaymentNextAction? NextAction { get; init; }

    // Otherwise the secret would be in every log line that contains the record.
    public override string ToString() => $"{ProviderId} {Status} {Amount}";
}

/// <param name="Code">Stable, snake_case: <c>card_declined</c>, <c>insufficient_funds</c>, <c>authentication_failed</c>.</param>
/// <param name="Sentence">For the payer.</param>
public sealed record PaymentDecline(string Code, string Sentence);

/// <param name="Type">What the payer's browser has to do next: <c>redirect_to_url</c>, <c>simulator_authentication</c>.</param>
/// <param name="Url">The target of a redirect.</param>
public sealed record PaymentNextAction(string Type, string? Url);

public sealed record PaymentRefund(string RefundId, string ProviderId, Money Amount);

public enum PaymentEventKind
{
    Succeeded,
    Declined,
    Canceled,
    Refunded,
}

/// <param name="Id">The same in every delivery of this event.</param>
/// <param name="Sequence">Increases within one payment; deliveries may arrive out of order.</param>
/// <param name="Refunded">The total refunded up to this event.</param>
public sealed record PaymentEvent(
    string Id, int Sequence, PaymentEventKind Kind, string ProviderId, string OrderReference, Money Amount, Money Refunded, PaymentDecline? Decline, DateTimeOffset At);

public enum WebhookRefusal
{
    None,
    SignatureMissing,
    SignatureWrong,
    TooOld,
    Malformed,
}

/// <summary>A parsed webhook: an event, a refusal, or neither if it is genuine but not relevant.</summary>
public sealed record PaymentWebhook(PaymentEvent? Event, WebhookRefusal Refusal);

/// <summary>The provider refuses, for a reason that a retry does not change.</summary>
/// <param name="code">Stable, snake_case: see <see cref="PaymentErrors"/>.</param>
public sealed class PaymentException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

public static class PaymentErrors
{
    public const string UnknownPayment = "payment_unknown";
    public const string AmountNotAcceptable = "payment_amount_not_acceptable";
    public const string CurrencyNotAcceptable = "payment_currency_not_acceptable";

    /// <summary>The same order reference or idempotency key was sent with another amount.</summary>
    public const string RepeatedDifferently = "payment_repeated_differently";
    public const string MethodNotAcceptable = "payment_method_not_acceptable";
    public const string WrongState = "payment_wrong_status";
    public const string RefundExceedsPayment = "refund_exceeds_payment";
}
