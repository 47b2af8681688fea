using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Carts;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Orders;

/// <summary>The progress of an item within its order.</summary>
internal enum OrderItemStatus
{
    Pending,
    Processing,
    Shipped,

    /// <summary>The print has arrived, or the file can be downloaded.</summary>
    Completed,
}

internal sealed class OrderItem : ITenantOwned, IIdentified
{
    public static string Prefix => "oit";

    public Id<Tenant> TenantId { get; init; }

    public required Id<OrderItem> Id { get; init; }

    public required Id<Order> OrderId { get; init; }

    public required int Position { get; init; }

    /// <summary>Not a foreign key: the photo may be purged while the order remains.</summary>
    public required Id<Photo> PhotoId { get; init; }

    /// <summary>The number of the photo version that was ordered.</summary>
    public required int PhotoVersion { get; init; }

    public required string PhotoSha256 { get; init; }

    public required string FileName { get; init; }

    public required Id<Product> ProductId { get; init; }

    public required string ProductName { get; init; }

    public required ProductType Type { get; init; }

    public required DigitalSize? DigitalSize { get; init; }

    public required int? WidthMm { get; init; }

    public required int? HeightMm { get; init; }

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public required int Quantity { get; init; }

    public required long UnitAmount { get; init; }

    public required long LineAmount { get; init; }

    /// <summary>This item's share of the order's discount.</summary>
    public required long DiscountAmount { get; init; }

    public required long TaxAmount { get; init; }

    public required Crop? Crop { get; init; }

    public OrderItemStatus Status { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<OrderItem>
    {
        public void Configure(EntityTypeBuilder<OrderItem> builder)
        {
            builder.ToTable("order_items");
            builder.Property(i => i.PhotoSha256).HasMaxLength(64).IsUnicode(false);
            builder.Property(i => i.FileName).HasMaxLength(255);
            builder.Property(i => i.ProductName).HasMaxLength(100);
            builder.Property(i => i.Options).IsJson();
            builder.Property(i => i.Crop!).IsJson();
        }
    }
}

/// <summary>The next order number of a studio; incremented by one statement that also locks the row.</summary>
internal sealed class OrderCounter : ITenantOwned
{
    public const long First = 1001;

    public Id<Tenant> TenantId { get; init; }

    public required long Next { get; init; }

    /// <summary>Creates the studio's counter if it is missing. Call it outside a transaction, because the loser of a race fails.</summary>
    public static async Task EnsureAsync(ProofsheetDb db, CancellationToken cancellation)
    {
        if (await db.Set<OrderCounter>().AnyAsync(cancellation))
        {
            return;
        }

        var counter = new OrderCounter { Next = First };
        db.Add(counter);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Another first order created it at the same moment.
        }

        db.Entry(counter).State = EntityState.Detached;
    }

    /// <summary>Call it inside a transaction, which reserves the number until it ends.</summary>
    public static async Task<string> TakeAsync(ProofsheetDb db, CancellationToken cancellation)
    {
        await db.Set<OrderCounter>().ExecuteUpdateAsync(set => set.SetProperty(c => c.Next, c => c.Next + 1), cancellation);
        var next = await db.Set<OrderCounter>().Select(c => c.Next).SingleAsync(cancellation);
        return (next - 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<OrderCounter>
    {
        public void Configure(EntityTypeBuilder<OrderCounter> builder)
        {
            builder.ToTable("order_counters");
            builder.HasKey(c => c.TenantId);
            builder.Property(c => c.TenantId).ValueGeneratedNever();
        }
    }
}
