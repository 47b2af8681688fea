using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Carts;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Catalog.Settings;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Orders.Payments;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Orders;

internal enum OrderStatus
{
    /// <summary>Waiting for its payment.</summary>
    Pending,
    Paid,

    /// <summary>Some items are being made.</summary>
    Processing,

    /// <summary>All items were shipped.</summary>
    Shipped,
    Completed,

    /// <summary>Was never paid and can no longer be paid.</summary>
    Canceled,
    Refunded,
}

internal sealed record ShippingAddress : PostalAddress;

/// <summary>
/// A purchase at the time it was made: products, options, prices, photos and tax are copied in, and later changes to them have no effect.
/// </summary>
internal sealed class Order : ITenantOwned, ILockable, IIdentified<Order>, IVersioned, IAudited
{
    public static string Prefix => "ord";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Order> Id { get; init; }

    /// <summary>Counted per studio, for people to read.</summary>
    public required string Number { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required string VisitorId { get; set; }

    /// <summary>The device that ordered, as text.</summary>
    public string? SessionId { get; init; }

    public required Id<Cart> CartId { get; init; }

    /// <summary>The hash of the checkout request: repeating the same request returns this order.</summary>
    public required string RequestHash { get; init; }

    public OrderStatus Status { get; private set; } = OrderStatus.Pending;

    [NotInAudit]
    public required string Email { get; init; }

    /// <summary>As it is compared: see <see cref="EmailAddress.Key"/>.</summary>
    [NotInAudit]
    public required string EmailKey { get; init; }

    [NotInAudit]
    public required string Name { get; init; }

    [NotInAudit]
    public required ShippingAddress? ShippingAddress { get; init; }

    public required ShippingMethod? ShippingMethod { get; init; }

    [NotInAudit]
    public required string? Note { get; init; }

    public required string Currency { get; init; }

    public required long Subtotal { get; init; }

    public required long Discount { get; init; }

    public required long Shipping { get; init; }

    public required long Tax { get; init; }

    public required long Total { get; init; }

    public required string TaxName { get; init; }

    public required int TaxBasisPoints { get; init; }

    public required bool IsTaxIncluded { get; init; }

    public required QuotedDiscount? QuotedDiscount { get; init; }

    public required string? PriceSheetId { get; init; }

    public required long PriceSheetVersion { get; init; }

    public List<OrderItem> Items { get; init; } = [];

    public Payment? Payment { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? PaidAt { get; private set; }

    public DateTimeOffset? CanceledAt { get; private set; }

    /// <summary>Incremented first in every change, so that changes of one order run one after the other.</summary>
    public long LockVersion { get; init; }

    // Visible to the studio only, and may be personal.
    [NotInAudit]
    public Dictionary<string, string> Metadata { get; set; } = [];

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    public Money TotalMoney => new(Total, Currency);

    /// <summary>False, with nothing changed, if the order was not waiting for payment.</summary>
    public bool Pay(DateTimeOffset now)
    {
        if (Status != OrderStatus.Pending)
        {
            return false;
        }

        (Status, PaidAt) = (OrderStatus.Paid, now);
        return true;
    }

    /// <summary>False if the order was not waiting for payment. Money that was received is returned by a refund, not by a cancellation.</summary>
    public bool Cancel(DateTimeOffset now)
    {
        if (Status != OrderStatus.Pending)
        {
            return false;
        }

        (Status, CanceledAt) = (OrderStatus.Canceled, now);
        return true;
    }

    /// <summary>Moves an item forward, never back. False if the order is not paid or the item is already at that status or beyond.</summary>
    public bool Mark(OrderItem item, OrderItemStatus status)
    {
        if (PaidAt is null || Status is OrderStatus.Canceled or OrderStatus.Refunded || status <= item.Status)
        {
            return false;
        }

        item.Status = status;
        Status = Derived();
        return true;
    }

    // Files are available at once, so if anything is printed, the prints determine the order's status.
    private OrderStatus Derived()
    {
        var prints = Items.Where(i => i.Type == ProductType.Print).ToList();
        var deciding = prints.Count > 0 ? prints : Items;
        var (least, most) = (deciding.Min(i => i.Status), deciding.Max(i => i.Status));
        return least switch
        {
            OrderItemStatus.Completed when Items.All(i => i.Status == OrderItemStatus.Completed) => OrderStatus.Completed,
            OrderItemStatus.Shipped or OrderItemStatus.Completed => OrderStatus.Shipped,
            _ => most > OrderItemStatus.Pending ? OrderStatus.Processing : OrderStatus.Paid,
        };
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Order>
    {
        public void Configure(EntityTypeBuilder<Order> builder)
        {
            builder.ToTable("orders");
            builder.Property(e => e.Metadata).IsJson();
            builder.Property(o => o.Number).HasMaxLength(20).IsUnicode(false);
            builder.Property(o => o.VisitorId).HasMaxLength(32).IsUnicode(false);
            builder.Property(o => o.SessionId).HasMaxLength(32).IsUnicode(false);
            builder.Property(o => o.RequestHash).HasMaxLength(64).IsUnicode(false);
            builder.Property(o => o.Email).HasMaxLength(EmailAddress.MaxLength);
            builder.Property(o => o.EmailKey).HasMaxLength(EmailAddress.MaxLength).IsUnicode(false);
            builder.Property(o => o.Name).HasMaxLength(100);
            builder.Property(o => o.Note).HasMaxLength(1000);
            builder.Property(o => o.ShippingAddress!).IsJson();
            builder.Property(o => o.ShippingMethod!).IsJson();
            builder.Property(o => o.QuotedDiscount!).IsJson();
            builder.Property(o => o.Currency).HasMaxLength(3).IsUnicode(false);
            builder.Property(o => o.TaxName).HasMaxLength(40);
            builder.Property(o => o.PriceSheetId).HasMaxLength(32).IsUnicode(false);
            builder.Ignore(o => o.TotalMoney);
            builder.HasIndex(o => new { o.TenantId, o.Number }).IsUnique();
            builder.HasIndex(o => new { o.TenantId, o.CartId }).IsUnique();
            builder.HasIndex(o => new { o.TenantId, o.VisitorId });
            builder.HasIndex(o => new { o.TenantId, o.SessionId });
            builder.HasOne<Gallery>().WithMany().HasForeignKey(o => new { o.TenantId, o.GalleryId }).OnDelete(DeleteBehavior.Restrict);
            builder.HasMany(o => o.Items).WithOne().HasForeignKey(i => new { i.TenantId, i.OrderId }).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne(o => o.Payment).WithOne().HasForeignKey<Payment>(p => new { p.TenantId, p.OrderId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
