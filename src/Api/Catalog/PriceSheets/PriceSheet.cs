using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Catalog.PriceSheets;

/// <summary>What products cost in the galleries that use it. One sheet of a studio is the default for all other galleries.</summary>
internal sealed class PriceSheet : ITenantOwned, IIdentified<PriceSheet>, IVersioned, IAudited
{
    public static string Prefix => "psh";

    public Id<Tenant> TenantId { get; init; }

    public required Id<PriceSheet> Id { get; init; }

    public required string Name { get; set; }

    public bool IsDefault { get; set; }

    public List<SheetPrice> Prices { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    // Visible to the studio only, and may be personal.
    [NotInAudit]
    public Dictionary<string, string> Metadata { get; set; } = [];

    public DateTimeOffset UpdatedAt { get; set; }

    public long Version { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<PriceSheet>
    {
        public void Configure(EntityTypeBuilder<PriceSheet> builder)
        {
            builder.ToTable("price_sheets");
            builder.Property(e => e.Metadata).IsJson();
            builder.Property(s => s.Name).HasMaxLength(100);
            builder.HasMany(s => s.Prices).WithOne().HasForeignKey(p => new { p.TenantId, p.PriceSheetId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>The price of one combination of a product's options.</summary>
internal sealed class SheetPrice : ITenantOwned, IIdentified
{
    public static string Prefix => "prc";

    public Id<Tenant> TenantId { get; init; }

    public required Id<SheetPrice> Id { get; init; }

    public required Id<PriceSheet> PriceSheetId { get; init; }

    public required Id<Product> ProductId { get; init; }

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    /// <summary>The position in the studio's order.</summary>
    public required int Position { get; init; }

    public Money Price => new(Amount, Currency);

    internal sealed class Mapping : IEntityTypeConfiguration<SheetPrice>
    {
        public void Configure(EntityTypeBuilder<SheetPrice> builder)
        {
            builder.ToTable("sheet_prices");
            builder.Property(p => p.Options).IsJson();
            builder.Property(p => p.Currency).HasMaxLength(3).IsUnicode(false);
            builder.Ignore(p => p.Price);
            builder.HasOne<Product>().WithMany().HasForeignKey(p => new { p.TenantId, p.ProductId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
