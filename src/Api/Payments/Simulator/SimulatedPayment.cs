using System.Globalization;
using Proofsheet.Shared.Currencies;

namespace Proofsheet.Api.Payments.Simulator;

/// <summary>One payment as stored in its file, with the rules of its states.</summary>
internal sealed class SimulatedPayment
{
    private const int MaxAttempts = 20;

    public required string Id { get; init; }

    public required string OrderReference { get; init; }

    public required string ClientSecret { get; init; }

    public required Money Amount { get; init; }

    public required string Description { get; init; }

    public string? CustomerEmail { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public PaymentStatus Status { get; set; } = PaymentStatus.Open;

    public PaymentDecline? Decline { get; set; }

    /// <summary>When a payment in processing succeeds.</summary>
    public DateTimeOffset? SucceedsAt { get; set; }

    public IList<SimulatedRefund> Refunds { get; init; } = [];

    public IList<SimulatedEvent> Events { get; init; } = [];

    private Money Refunded => Amount with { Amount = Refunds.Sum(r => r.Amount) };

    /// <summary>Something is still due to happen without another call.</summary>
    public bool IsWaiting => SucceedsAt is not null || Events.Any(e => e.NextAttemptAt is not null);

    public void Confirm(CardBehavior card, DateTimeOffset now, TimeSpan lateSuccessDelay)
    {
        switch (Status)
        {
            case PaymentStatus.Succeeded or PaymentStatus.Processing:
                return;
            case PaymentStatus.Canceled:
                throw new PaymentException(PaymentErrors.WrongState, "This payment was canceled.");
        }

        Decline = null;
        switch (card)
        {
            case CardBehavior.Succeeds:
                Succeed(now);
                break;
            case CardBehavior.NeedsAuthentication:
                Status = PaymentStatus.RequiresAction;
                break;
            case CardBehavior.SucceedsLate:
                Status = PaymentStatus.Processing;
                SucceedsAt = now + lateSuccessDelay;
                break;
            case CardBehavior.LacksFunds:
                Refuse(new("insufficient_funds", "The card does not have enough funds. Try another card."), now);
                break;
            default:
                Refuse(new("card_declined", "The card was declined. Try another card."), now);
                break;
        }
    }

    public void Authenticate(bool approve, DateTimeOffset now)
    {
        if (Status != PaymentStatus.RequiresAction)
        {
            throw new PaymentException(PaymentErrors.WrongState, "This payment does not wait for an authentication.");
        }

        if (approve)
        {
            Succeed(now);
        }
        else
        {
            Refuse(new("authentication_failed", "The payment was not confirmed with the bank. Try again or use another card."), now);
        }
    }

    public void Cancel(DateTimeOffset now)
    {
        if (Status is PaymentStatus.Succeeded or PaymentStatus.Canceled)
        {
            return;
        }

        Status = PaymentStatus.Canceled;
        SucceedsAt = null;
        Happened(PaymentEventKind.Canceled, now);
    }

    public PaymentRefund Refund(Money amount, string idempotencyKey, DateTimeOffset now)
    {
        if (Refunds.FirstOrDefault(r => r.IdempotencyKey == idempotencyKey) is { } earlier)
        {
            return amount == Amount with { Amount = earlier.Amount }
                ? new PaymentRefund(earlier.Id, Id, amount)
                : throw new PaymentException(PaymentErrors.RepeatedDifferently, "This idempotency key was used for a refund of another amount.");
        }

        if (Status != PaymentStatus.Succeeded)
        {
            throw new PaymentException(PaymentErrors.WrongState, "Only a payment that succeeded can be given back.");
        }

        if (amount.Currency != Amount.Currency)
        {
            throw new PaymentException(PaymentErrors.CurrencyNotAcceptable, $"The payment was made in {Amount.Currency}.");
        }

        if (amount.Amount <= 0)
        {
            throw new PaymentException(PaymentErrors.AmountNotAcceptable, "A refund is more than nothing.");
        }

        if (amount.Amount > Amount.Amount - Refunded.Amount)
        {
            throw new PaymentException(PaymentErrors.RefundExceedsPayment, $"At most {Amount - Refunded} can still be given back.");
        }

        var refund = new SimulatedRefund($"re_{Id}_{Refunds.Count + 1}", idempotencyKey, amount.Amount);
        Refunds.Add(refund);
        Happened(PaymentEventKind.Refunded, now);
        return new PaymentRefund(refund.Id, Id, amount);
    }

    /// <summary>Applies what is due. Every access calls it, so the state is correct even if the worker was not running.</summary>
    public void Advance(DateTimeOffset now)
    {
        if (SucceedsAt <= now)
        {
            Succeed(SucceedsAt.Value);
        }
    }

    /// <summary>The event to post now. Later ones wait for it, so that they normally arrive in order.</summary>
    public SimulatedEvent? NextDue(DateTimeOffset now) =>
        Events.FirstOrDefault(e => e.NextAttemptAt is not null) is { } first && first.NextAttemptAt <= now ? first : null;

    public void Attempted(string eventId, bool delivered, DateTimeOffset now)
    {
        var attempted = Events.Single(e => e.Event.Id == eventId);
        attempted.Attempts++;
        attempted.NextAttemptAt = delivered || attempted.Attempts >= MaxAttempts
            ? null
            : now + TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, attempted.Attempts - 1)));
    }

    public PaymentIntent ToIntent() => new()
    {
        ProviderId = Id,
        OrderReference = OrderReference,
        ClientSecret = ClientSecret,
        Amount = Amount,
        Refunded = Refunded,
        Status = Status,
        Decline = Decline,
        NextAction = Status == PaymentStatus.RequiresAction ? new PaymentNextAction("simulator_authentication", null) : null,
    };

    private void Succeed(DateTimeOffset at)
    {
        Status = PaymentStatus.Succeeded;
        SucceedsAt = null;
        Happened(PaymentEventKind.Succeeded, at);
    }

    private void Refuse(PaymentDecline decline, DateTimeOffset now)
    {
        Status = PaymentStatus.Declined;
        Decline = decline;
        Happened(PaymentEventKind.Declined, now);
    }

    private void Happened(PaymentEventKind kind, DateTimeOffset at)
    {
        var sequence = Events.Count + 1;
        var id = string.Create(CultureInfo.InvariantCulture, $"evt_{Id}_{sequence}");
        Events.Add(new SimulatedEvent
        {
            Event = new PaymentEvent(id, sequence, kind, Id, OrderReference, Amount, Refunded, Decline, at),
            NextAttemptAt = at,
        });
    }
}

internal sealed record SimulatedRefund(string Id, string IdempotencyKey, long Amount);

internal sealed class SimulatedEvent
{
    public required PaymentEvent Event { get; init; }

    public int Attempts { get; set; }

    /// <summary>Null if it was delivered or given up.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }
}
