using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Payments;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Orders.Payments;

/// <summary>
/// Keeps an order and its payment at the provider in step. The provider is never called inside a transaction. Before it is
/// asked to charge, a later check is committed, so that no result is lost in a crash.
/// </summary>
internal sealed class OrderPayments(ProofsheetDb db, TenantContext tenant, IPaymentProvider provider, TimeProvider clock, ILogger<OrderPayments> log)
{
    /// <summary>How long after an attempt the provider is asked for the result; the last delay repeats until the order expires.</summary>
    private static readonly TimeSpan[] CheckDelays = [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    /// <summary>Creates the payment at the provider, or finds the one created earlier.</summary>
    public async Task<PaymentIntent> IntentAsync(Order order, CancellationToken cancellation)
    {
        var payment = order.Payment!;
        var intent = payment.ProviderId is { } known ? await provider.GetAsync(known, cancellation) : null;
        intent ??= await provider.CreateAsync(new PaymentRequest
        {
            OrderReference = order.Id.ToString(),
            Amount = order.TotalMoney,
            Description = $"Order {order.Number}",
            CustomerEmail = order.Email,
            Metadata = new Dictionary<string, string> { ["studio"] = tenant.Current.ToString(), ["order"] = order.Id.ToString() },
        }, cancellation);
        if (payment.ProviderId is null)
        {
            var providerId = intent.ProviderId;
            await db.Set<Payment>().Where(p => p.Id == payment.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.ProviderId, providerId), cancellation);
        }

        return intent;
    }

    /// <summary>Records that a payment attempt is starting. False if the order is not waiting for payment.</summary>
    public Task<bool> BeginAttemptAsync(Id<Order> orderId, CancellationToken cancellation) => db.InTransactionAsync(async () =>
    {
        var order = await db.TakeOrderAsync(orderId, cancellation);
        if (order is not { Status: OrderStatus.Pending, Payment: { } payment })
        {
            return false;
        }

        var now = clock.GetUtcNow();
        var attempt = new PaymentAttempt { Id = Id<PaymentAttempt>.New(now), PaymentId = payment.Id, StartedAt = now };
        payment.Begin(attempt);
        db.Add(attempt);
        db.Publish(tenant.Current, new PaymentCheckDue(orderId, 0), now, CheckDelays[0]);
        await db.SaveChangesAsync(cancellation);
        return true;
    }, cancellation);

    /// <summary>Charges the payment, unless it was charged already.</summary>
    /// <exception cref="PaymentException">The provider does not accept this payment method, or the payment has ended.</exception>
    public async Task ConfirmAsync(Order order, string paymentMethodToken, CancellationToken cancellation)
    {
        var open = await IntentAsync(order, cancellation);
        // From here on a disconnecting payer must not cancel the operation.
        var intent = await provider.ConfirmAsync(open.ProviderId, paymentMethodToken, CancellationToken.None);
        await SettleAsync(order.Id, intent, isLate: false, CancellationToken.None);
    }

    /// <summary>Asks the provider for the status and applies it. True while the payment may still complete without the payer.</summary>
    public async Task<bool> CheckAsync(Id<Order> orderId, CancellationToken cancellation)
    {
        var order = await db.Set<Order>().AsNoTracking().Include(o => o.Payment).SingleOrDefaultAsync(o => o.Id == orderId, cancellation);
        if (order?.Payment is not { } payment || payment.Provider != provider.Name)
        {
            return false;
        }

        // A crash may have come before the provider's id was saved; creating it again with the order's reference finds the same payment.
        var intent = order.Status == OrderStatus.Pending || payment.ProviderId is not null ? await IntentAsync(order, cancellation) : null;
        if (intent is null)
        {
            return false;
        }

        // If another attempt started after the provider was asked, the answer is about the earlier attempt, so ask again.
        var isCurrent = await SettleAsync(orderId, intent, isLate: true, cancellation, payment.Version);
        return !isCurrent || intent.Status is PaymentStatus.Processing or PaymentStatus.RequiresAction;
    }

    /// <summary>Cancels the payment at the provider and then the order. If the payment succeeded first, it is kept and the order is paid.</summary>
    public async Task CancelAsync(Order order, CancellationToken cancellation)
    {
        var intent = await IntentAsync(order, cancellation);
        intent = await provider.CancelAsync(intent.ProviderId, cancellation);
        await SettleAsync(order.Id, intent, isLate: true, cancellation);
    }

    /// <summary>Schedules another check, with growing delays.</summary>
    public async Task CheckAgainAsync(Id<Order> orderId, int round, CancellationToken cancellation)
    {
        db.Publish(tenant.Current, new PaymentCheckDue(orderId, round), clock.GetUtcNow(), CheckDelays[Math.Min(round, CheckDelays.Length - 1)]);
        await db.SaveChangesAsync(cancellation);
    }

    /// <param name="orderId">The order.</param>
    /// <param name="intent">The provider's answer, which may be older than what is already known.</param>
    /// <param name="isLate">True if no payer is waiting for this answer.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <param name="askedAt">The payment's version when the provider was asked.</param>
    /// <returns>False if the payment changed since the provider was asked, and nothing was applied.</returns>
    public Task<bool> SettleAsync(Id<Order> orderId, PaymentIntent intent, bool isLate, CancellationToken cancellation, long? askedAt = null) => db.InTransactionAsync(async () =>
    {
        var order = await db.TakeOrderAsync(orderId, cancellation)
            ?? throw new InvalidOperationException($"The order {orderId} of a payment is gone.");
        var payment = order.Payment!;
        var now = clock.GetUtcNow();
        if (intent.OrderReference != order.Id.ToString() || intent.Amount != order.TotalMoney)
        {
            throw new InvalidOperationException($"The provider's payment {intent.ProviderId} is not that of order {orderId}.");
        }

        if (askedAt is { } version && version != payment.Version && intent.Status is not (PaymentStatus.Succeeded or PaymentStatus.Canceled))
        {
            return false;
        }

        var wasUnderWay = payment.Status is OrderPaymentStatus.Processing or OrderPaymentStatus.RequiresAction;
        payment.Note(intent, isLate, now);
        payment.RefundedAmount = Math.Max(payment.RefundedAmount, intent.Refunded.Amount);
        switch (payment.Status)
        {
            case OrderPaymentStatus.Succeeded when order.Pay(now):
                db.Publish(tenant.Current, new OrderPaid(orderId), now);
                break;
            case OrderPaymentStatus.Succeeded when order.Status == OrderStatus.Canceled:
                await GiveBackAsync(payment, now, cancellation);
                break;
            case OrderPaymentStatus.Canceled when order.Cancel(now):
                await db.ReleaseAsync(order, cancellation);
                db.Publish(tenant.Current, new OrderCanceled(orderId), now);
                break;
            case OrderPaymentStatus.Declined when isLate && wasUnderWay:
                db.Publish(tenant.Current, new OrderPaymentFailed(orderId), now);
                break;
        }

        await db.SaveChangesAsync(cancellation);
        return true;
    }, cancellation);

    private async Task GiveBackAsync(Payment payment, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await db.Set<Refund>().AnyAsync(r => r.PaymentId == payment.Id && r.Reason == Refund.PaidAfterCancellation, cancellation))
        {
            return;
        }

        log.LogWarning("The payment {Payment} succeeded after its order was canceled; it is given back", payment.Id);
        var refund = new Refund
        {
            Id = Id<Refund>.New(now),
            PaymentId = payment.Id,
            Amount = payment.Amount - payment.RefundedAmount,
            Currency = payment.Currency,
            Reason = Refund.PaidAfterCancellation,
            CreatedAt = now,
        };
        if (refund.Amount > 0)
        {
            db.Add(refund);
            db.Publish(tenant.Current, new RefundDue(refund.Id), now);
        }
    }
}
