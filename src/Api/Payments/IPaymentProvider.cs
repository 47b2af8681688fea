using Proofsheet.Shared.Currencies;

namespace Proofsheet.Api.Payments;

/// <summary>
/// Takes and gives back money. A payment is made for an order, confirmed with a payment method the payer's browser
/// turned into a token, and may end at once, after the payer authenticates, or later by webhook.
/// </summary>
/// <remarks>Every call may be repeated. <see cref="PaymentException"/> says what a provider refuses.</remarks>
public interface IPaymentProvider
{
    /// <summary>Lower case, as in the address of its webhook.</summary>
    string Name { get; }

    /// <summary>Makes the payment of an order, or gives the one that was made for it before.</summary>
    Task<PaymentIntent> CreateAsync(PaymentRequest request, CancellationToken cancellation = default);

    /// <summary>Tries to take the money. A payment that succeeded stays as it is; one that was declined may be tried again.</summary>
    Task<PaymentIntent> ConfirmAsync(string providerId, string paymentMethodToken, CancellationToken cancellation = default);

    /// <summary>The present state, which decides where a webhook and an answer disagree; null when there is no such payment.</summary>
    Task<PaymentIntent?> GetAsync(string providerId, CancellationToken cancellation = default);

    /// <summary>Makes sure an unpaid payment is never paid. One that succeeded already comes back as succeeded.</summary>
    Task<PaymentIntent> CancelAsync(string providerId, CancellationToken cancellation = default);

    /// <summary>Gives back all or a part. The same key is the same refund; the parts never exceed what was paid.</summary>
    Task<PaymentRefund> RefundAsync(string providerId, Money amount, string idempotencyKey, CancellationToken cancellation = default);

    /// <summary>Reads a webhook and checks who sent it. Deliveries repeat: the caller remembers the ids of events.</summary>
    PaymentWebhook ParseWebhook(IHeaderDictionary headers, ReadOnlyMemory<byte> body);
}

public sealed record PaymentRequest
{
    /// <summary>The order's id; one order has one payment.</summary>
    public required string OrderReference { get; init; }

    public required Money Amount { get; init; }

    /// <summary>What the payer reads on a statement.</summary>
    public required string Description { get; init; }

    public string? CustomerEmail { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

public enum PaymentStatus
{
    /// <summary>Waits for a payment method.</summary>
    Open,

    /// <summary>Waits for the payer: see <see cref="PaymentIntent.NextAction"/>.</summary>
    RequiresAction,

    /// <summary>The provider tells by webhook how it ends.</summary>
    Processing,
    Succeeded,

    /// <summary>Refused: see <see cref="PaymentIntent.Decline"/>. Another payment method may be tried.</summary>
    Declined,
    Canceled,
}

public sealed record PaymentIntent
{
    public required string ProviderId { get; init; }

    public required string OrderReference { get; init; }

    /// <summary>Lets the payer's browser finish this payment and nothing else; not for logs.</summary>
    public required string ClientSecret { get; init; }

    public required Money Amount { get; init; }

    public required Money Refunded { get; init; }

    public required PaymentStatus Status { get; init; }

    public PaymentDecline? Decline { get; init; }

    public PaymentNextAction? NextAction { get; init; }

    // The secret would otherwise be in every log line that holds the record.
    public override string ToString() => $"{ProviderId} {Status} {Amount}";
}

/// <param name="Code">Stable, snake_case: <c>card_declined</c>, <c>insufficient_funds</c>, <c>authentication_failed</c>.</param>
/// <param name="Sentence">For the payer.</param>
public sealed record PaymentDecline(string Code, string Sentence);

/// <param name="Type">What the payer's browser does now: <c>redirect_to_url</c>, <c>simulator_authentication</c>.</param>
/// <param name="Url">Where it goes, for a redirect.</param>
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
/// <param name="Sequence">Rises within one payment; deliveries may overtake each other.</param>
/// <param name="Refunded">All that was given back up to this event.</param>
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

/// <summary>A webhook that was read: an event, a refusal, or neither, when it is genuine and says nothing we need.</summary>
public sealed record PaymentWebhook(PaymentEvent? Event, WebhookRefusal Refusal);

/// <summary>The provider refuses, for a reason that a repetition does not change.</summary>
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

    /// <summary>The same order reference or idempotency key came with another amount.</summary>
    public const string RepeatedDifferently = "payment_repeated_differently";
    public const string MethodNotAcceptable = "payment_method_not_acceptable";
    public const string WrongState = "payment_wrong_status";
    public const string RefundExceedsPayment = "refund_exceeds_payment";
}
