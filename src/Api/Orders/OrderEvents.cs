using Proofsheet.Api.Orders.Payments;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Orders;

internal sealed record OrderPlaced(Id<Order> OrderId) : IOutboxEvent
{
    public static string EventName => "orders.placed";
}

internal sealed record OrderPaid(Id<Order> OrderId) : IOutboxEvent
{
    public static string EventName => "orders.paid";
}

/// <summary>The studio canceled the order, or it was not paid in time.</summary>
internal sealed record OrderCanceled(Id<Order> OrderId) : IOutboxEvent
{
    public static string EventName => "orders.canceled";
}

/// <summary>A pending payment failed after the payer had left the page.</summary>
internal sealed record OrderPaymentFailed(Id<Order> OrderId) : IOutboxEvent
{
    public static string EventName => "orders.payment_failed";
}

/// <summary>Asks the provider for the status of a payment: after a webhook, and some time after each attempt in case the response was lost.</summary>
internal sealed record PaymentCheckDue(Id<Order> OrderId, int Round) : IOutboxEvent
{
    public static string EventName => "orders.payment_check_due";
}

internal sealed record OrderExpiryDue(Id<Order> OrderId) : IOutboxEvent
{
    public static string EventName => "orders.expiry_due";
}

internal sealed record RefundDue(Id<Refund> RefundId) : IOutboxEvent
{
    public static string EventName => "orders.refund_due";
}
