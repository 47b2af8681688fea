using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Catalog.Discounts;
using Proofsheet.Api.Catalog.PriceSheets;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Catalog.Settings;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Carts;

/// <summary>A discount as it was when the cart was quoted.</summary>
internal sealed record QuotedDiscount(Id<Discount> Id, string Code, DiscountType Type, int? Percent, long? Amount, long? MinimumSubtotal);

/// <summary>The part of the photo that is printed, as fractions of its width and height.</summary>
internal sealed record Crop : IValidatableObject
{
    [Range(0, 1)]
    public required double X { get; init; }

    [Range(0, 1)]
    public required double Y { get; init; }

    [Range(0.01, 1)]
    public required double Width { get; init; }

    [Range(0.01, 1)]
    public required double Height { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // A computed crop of the whole width or height may exceed 1 by a rounding error.
        if (X + Width > 1.000001 || Y + Height > 1.000001)
        {
            yield return new ValidationResult("The crop leaves the photo.", [nameof(Width)]);
        }
    }
}

/// <summary>
/// What a visitor is about to buy. It freezes a quote: the price of each item, the tax rule, shipping and the discount stay as they
/// were shown until the quote expires; then the cart has to be refreshed.
/// </summary>
internal sealed class Cart : ITenantOwned, ILockable, IIdentified, IVersioned
{
    public const int MaxItems = 500;

    public static string Prefix => "crt";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Cart> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required string VisitorId { get; set; }

    public required string Currency { get; init; }

    /// <summary>The order's id as text; a cart becomes one order at most.</summary>
    public string? OrderId { get; private set; }

    public List<CartItem> Items { get; init; } = [];

    public string TaxName { get; private set; } = "";

    public int TaxBasisPoints { get; private set; }

    public bool IsTaxIncluded { get; private set; }

    public IReadOnlyList<ShippingMethod> ShippingMethods { get; private set; } = [];

    public string? ShippingMethodId { get; set; }

    public QuotedDiscount? Discount { get; set; }

    public string? PriceSheetId { get; private set; }

    public long PriceSheetVersion { get; private set; }

    public DateTimeOffset QuoteExpiresAt { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Counts the changes. It is incremented first in every change, so that changes of one cart run one after the other.</summary>
    public long LockVersion { get; init; }

    public long Version { get; init; }

    public bool IsOrdered => OrderId is not null;

    public bool RequiresShipping => Items.Any(i => i.Type == ProductType.Print);

    public ShippingMethod? Shipping => RequiresShipping ? ShippingMethods.FirstOrDefault(m => m.Id == ShippingMethodId) : null;

    public void Quote(CommerceSettings settings, PriceSheet? sheet, DateTimeOffset until)
    {
        (TaxName, TaxBasisPoints, IsTaxIncluded) = (settings.TaxName, settings.TaxBasisPoints, settings.IsTaxIncluded);
        (ShippingMethods, QuoteExpiresAt) = (settings.ShippingMethods, until);
        (PriceSheetId, PriceSheetVersion) = (sheet?.Id.ToString(), sheet?.Version ?? 0);
        if (ShippingMethods.All(m => m.Id != ShippingMethodId))
        {
            ShippingMethodId = null;
        }
    }

    public void BecomeOrder(string orderId) => OrderId = OrderId is null ? orderId : throw new InvalidOperationException("A cart becomes one order.");

    public Totals Totals() => Carts.Totals.Of(
        Currency, [.. Items.Select(i => new TotalsLine(i.UnitAmount, i.Quantity))], Off, Shipping?.Price.Amount ?? 0, TaxBasisPoints, IsTaxIncluded);

    private long Off(long subtotal) => Discount is { } d
        ? new Discount { Id = d.Id, Code = d.Code, Type = d.Type, Percent = d.Percent, Amount = d.Amount, MinimumSubtotal = d.MinimumSubtotal, IsActive = true, CreatedAt = default }.Of(subtotal)
        : 0;

    internal sealed class Mapping : IEntityTypeConfiguration<Cart>
    {
        public void Configure(EntityTypeBuilder<Cart> builder)
        {
            builder.ToTable("carts");
            builder.Property(c => c.VisitorId).HasMaxLength(32).IsUnicode(false);
            builder.Property(c => c.Currency).HasMaxLength(3).IsUnicode(false);
            builder.Property(c => c.OrderId).HasMaxLength(32).IsUnicode(false);
            builder.Property(c => c.TaxName).HasMaxLength(40);
            builder.Property(c => c.ShippingMethods).IsJson();
            builder.Property(c => c.ShippingMethodId).HasMaxLength(40).IsUnicode(false);
            builder.Property(c => c.Discount!).IsJson();
            builder.Property(c => c.PriceSheetId).HasMaxLength(32).IsUnicode(false);
            builder.Ignore(c => c.IsOrdered).Ignore(c => c.RequiresShipping).Ignore(c => c.Shipping);
            builder.HasIndex(c => new { c.TenantId, c.VisitorId });
            builder.HasOne<Gallery>().WithMany().HasForeignKey(c => new { c.TenantId, c.GalleryId }).OnDelete(DeleteBehavior.Restrict);
            builder.HasMany(c => c.Items).WithOne().HasForeignKey(i => new { i.TenantId, i.CartId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>One photo as one product. Neither is a foreign key: both may be deleted, and the cart then reports it.</summary>
internal sealed class CartItem : ITenantOwned, IIdentified
{
    public const int MaxQuantity = 999;

    public static string Prefix => "cit";

    public Id<Tenant> TenantId { get; init; }

    public required Id<CartItem> Id { get; init; }

    public required Id<Cart> CartId { get; init; }

    public required Id<Photo> PhotoId { get; init; }

    public required Id<Product> ProductId { get; init; }

    public required ProductType Type { get; init; }

    public required string ProductName { get; set; }

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public DigitalSize? DigitalSize { get; set; }

    public int? WidthMm { get; set; }

    public int? HeightMm { get; set; }

    public required int Quantity { get; set; }

    public required long UnitAmount { get; set; }

    public Crop? Crop { get; set; }

    /// <summary>False if the last quote found no price for it.</summary>
    public bool IsOffered { get; set; } = true;

    internal sealed class Mapping : IEntityTypeConfiguration<CartItem>
    {
        public void Configure(EntityTypeBuilder<CartItem> builder)
        {
            builder.ToTable("cart_items");
            builder.Property(i => i.ProductName).HasMaxLength(100);
            builder.Property(i => i.Options).IsJson();
            builder.Property(i => i.Crop!).IsJson();
        }
    }
}
