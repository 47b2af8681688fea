using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Payments;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Orders.Payments;

/// <summary>Finds out how a payment ended if the response may have been lost.</summary>
internal sealed class CheckPayment(OrderPayments payments) : IHandle<PaymentCheckDue>
{
    public async Task HandleAsync(PaymentCheckDue happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        if (await payments.CheckAsync(happened.OrderId, cancellation))
        {
            await payments.CheckAgainAsync(happened.OrderId, happened.Round + 1, cancellation);
        }
    }
}

/// <summary>Cancels an order that was not paid in time.</summary>
internal sealed class ExpireOrder(ProofsheetDb db, OrderPayments payments) : IHandle<OrderExpiryDue>
{
    public async Task HandleAsync(OrderExpiryDue happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var order = await db.Set<Order>().AsNoTracking().Include(o => o.Payment).SingleOrDefaultAsync(o => o.Id == happened.OrderId, cancellation);
        if (order is { Status: OrderStatus.Pending })
        {
            await payments.CancelAsync(order, cancellation);
        }
    }
}

/// <summary>Refunds money. With the refund's id as the key, calling the provider twice makes one refund.</summary>
internal sealed class GiveRefund(ProofsheetDb db, IPaymentProvider provider, TimeProvider clock) : IHandle<RefundDue>
{
    public async Task HandleAsync(RefundDue happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var refund = await db.Set<Refund>().SingleAsync(r => r.Id == happened.RefundId, cancellation);
        if (refund.DoneAt is not null)
        {
            return;
        }

        var payment = await db.Set<Payment>().SingleAsync(p => p.Id == refund.PaymentId, cancellation);
        var given = await provider.RefundAsync(payment.ProviderId!, new Money(refund.Amount, refund.Currency), refund.Id.ToString(), cancellation);
        var intent = await provider.GetAsync(payment.ProviderId!, cancellation);
        (refund.ProviderRefundId, refund.DoneAt) = (given.RefundId, clock.GetUtcNow());
        payment.RefundedAmount = Math.Max(payment.RefundedAmount, intent?.Refunded.Amount ?? refund.Amount);
        await db.SaveChangesAsync(cancellation);
    }
}
