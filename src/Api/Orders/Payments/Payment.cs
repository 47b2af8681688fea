using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Payments;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Orders.Payments;

internal enum OrderPaymentStatus
{
    /// <summary>Waiting for a payment method.</summary>
    RequiresPayment,

    /// <summary>The provider reports the result later.</summary>
    Processing,

    /// <summary>Waiting for the payer: see nextAction.</summary>
    RequiresAction,
    Succeeded,

    /// <summary>Declined; another payment method can be tried.</summary>
    Declined,
    Canceled,
}

/// <summary>The one payment of an order, as last reported by the provider. A final status never goes back to an earlier one.</summary>
internal sealed class Payment : ITenantOwned, IIdentified, IVersioned, IAudited
{
    /// <summary>The provider of an order that costs nothing.</summary>
    public const string NoProvider = "none";

    public static string Prefix => "pay";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Payment> Id { get; init; }

    public required Id<Order> OrderId { get; init; }

    public required string Provider { get; init; }

    /// <summary>Null until the payment has been created at the provider.</summary>
    public string? ProviderId { get; set; }

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    public long RefundedAmount { get; set; }

    public OrderPaymentStatus Status { get; private set; }

    public string? DeclineCode { get; private set; }

    public string? DeclineMessage { get; private set; }

    public string? NextActionType { get; private set; }

    public string? NextActionUrl { get; private set; }

    public List<PaymentAttempt> Attempts { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public long Version { get; init; }

    public bool HasEnded => Status is OrderPaymentStatus.Succeeded or OrderPaymentStatus.Canceled;

    /// <summary>Completes a payment of zero.</summary>
    public void SucceedWithoutMoney(DateTimeOffset now) => (Status, UpdatedAt) = (OrderPaymentStatus.Succeeded, now);

    public void Begin(PaymentAttempt attempt)
    {
        Attempts.Add(attempt);
        UpdatedAt = attempt.StartedAt;
    }

    /// <summary>
    /// Applies what the provider reports. A report may be outdated when it is applied, so a success is never overwritten, and a
    /// cancellation only by a success.
    /// </summary>
    /// <param name="intent">The provider's report.</param>
    /// <param name="isLate">True if it is not the response to an attempt; a decline may then belong to an earlier attempt.</param>
    /// <param name="now">The time.</param>
    public void Note(PaymentIntent intent, bool isLate, DateTimeOffset now)
    {
        ProviderId = intent.ProviderId;
        var status = Of(intent.Status);
        if (Status == OrderPaymentStatus.Succeeded || (Status == OrderPaymentStatus.Canceled && status != OrderPaymentStatus.Succeeded))
        {
            return;
        }

        (Status, UpdatedAt) = (status, now);
        (DeclineCode, DeclineMessage) = status == OrderPaymentStatus.Declined ? (intent.Decline?.Code, intent.Decline?.Sentence) : (null, null);
        (NextActionType, NextActionUrl) = status == OrderPaymentStatus.RequiresAction ? (intent.NextAction?.Type, intent.NextAction?.Url) : (null, null);
        if (Attempts.LastOrDefault(a => a.EndedAt is null) is { } attempt && status is not OrderPaymentStatus.RequiresPayment
            && (!isLate || status != OrderPaymentStatus.Declined || attempt.IsUnderWay))
        {
            attempt.Note(status, DeclineCode, now);
        }
    }

    private static OrderPaymentStatus Of(PaymentStatus status) => status switch
    {
        PaymentStatus.Open => OrderPaymentStatus.RequiresPayment,
        PaymentStatus.RequiresAction => OrderPaymentStatus.RequiresAction,
        PaymentStatus.Processing => OrderPaymentStatus.Processing,
        PaymentStatus.Succeeded => OrderPaymentStatus.Succeeded,
        PaymentStatus.Declined => OrderPaymentStatus.Declined,
        _ => OrderPaymentStatus.Canceled,
    };

    internal sealed class Mapping : IEntityTypeConfiguration<Payment>
    {
        public void Configure(EntityTypeBuilder<Payment> builder)
        {
            builder.ToTable("payments");
            builder.Property(p => p.Provider).HasMaxLength(32).IsUnicode(false);
            builder.Property(p => p.ProviderId).HasMaxLength(200).IsUnicode(false);
            builder.Property(p => p.Currency).HasMaxLength(3).IsUnicode(false);
            builder.Property(p => p.DeclineCode).HasMaxLength(64).IsUnicode(false);
            builder.Property(p => p.DeclineMessage).HasMaxLength(400);
            builder.Property(p => p.NextActionType).HasMaxLength(64).IsUnicode(false);
            builder.Property(p => p.NextActionUrl).HasMaxLength(2000);
            builder.Ignore(p => p.HasEnded);
            builder.HasMany(p => p.Attempts).WithOne().HasForeignKey(a => new { a.TenantId, a.PaymentId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>One attempt to pay with one payment method, saved before the provider is called.</summary>
internal sealed class PaymentAttempt : ITenantOwned, IIdentified
{
    public static string Prefix => "pat";

    public Id<Tenant> TenantId { get; init; }

    public required Id<PaymentAttempt> Id { get; init; }

    public required Id<Payment> PaymentId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public OrderPaymentStatus Status { get; private set; }

    public string? DeclineCode { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public bool IsUnderWay => Status is OrderPaymentStatus.Processing or OrderPaymentStatus.RequiresAction;

    public void Note(OrderPaymentStatus status, string? declineCode, DateTimeOffset now)
    {
        (Status, DeclineCode) = (status, declineCode);
        EndedAt = status is OrderPaymentStatus.Succeeded or OrderPaymentStatus.Declined or OrderPaymentStatus.Canceled ? now : null;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<PaymentAttempt>
    {
        public void Configure(EntityTypeBuilder<PaymentAttempt> builder)
        {
            builder.ToTable("payment_attempts");
            builder.Property(a => a.DeclineCode).HasMaxLength(64).IsUnicode(false);
            builder.Ignore(a => a.IsUnderWay);
        }
    }
}

/// <summary>An event that a provider sent by webhook. Its id is stored once, so that a repeated event is recognized.</summary>
internal sealed class PaymentNotice : ITenantOwned
{
    public Id<Tenant> TenantId { get; init; }

    public required string Provider { get; init; }

    public required string EventId { get; init; }

    public required Id<Order> OrderId { get; init; }

    public required PaymentEventKind Kind { get; init; }

    public required int Sequence { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<PaymentNotice>
    {
        public void Configure(EntityTypeBuilder<PaymentNotice> builder)
        {
            builder.ToTable("payment_notices");
            builder.Property(n => n.Provider).HasMaxLength(32).IsUnicode(false);
            builder.Property(n => n.EventId).HasMaxLength(200).IsUnicode(false);
            builder.HasKey(n => new { n.TenantId, n.Provider, n.EventId });
        }
    }
}

/// <summary>Money given back. Saved before the provider is called; its id is the key that turns repeated calls into one refund.</summary>
internal sealed class Refund : ITenantOwned, IIdentified, IVersioned, IAudited
{
    /// <summary>A payment succeeded for an order that had been canceled.</summary>
    public const string PaidAfterCancellation = "paid_after_cancellation";

    public static string Prefix => "rfd";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Refund> Id { get; init; }

    public required Id<Payment> PaymentId { get; init; }

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    public required string Reason { get; init; }

    public string? ProviderRefundId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DoneAt { get; set; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Refund>
    {
        public void Configure(EntityTypeBuilder<Refund> builder)
        {
            builder.ToTable("refunds");
            builder.Property(r => r.Currency).HasMaxLength(3).IsUnicode(false);
            builder.Property(r => r.Reason).HasMaxLength(40).IsUnicode(false);
            builder.Property(r => r.ProviderRefundId).HasMaxLength(200).IsUnicode(false);
            builder.HasIndex(r => new { r.TenantId, r.PaymentId, r.Reason }).IsUnique();
            builder.HasOne<Payment>().WithMany().HasForeignKey(r => new { r.TenantId, r.PaymentId }).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
