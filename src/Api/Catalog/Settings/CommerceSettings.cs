using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Http;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Catalog.Settings;

/// <summary>How a studio sells: one tax, flat-rate shipping, and how long and how often files may be downloaded.</summary>
internal sealed class CommerceSettings : ITenantOwned, IVersioned, IAudited
{
    public Id<Tenant> TenantId { get; init; }

    public string TaxName { get; set; } = "Tax";

    /// <summary>The tax rate in ten-thousandths: 1900 is 19 %.</summary>
    public int TaxBasisPoints { get; set; }

    public bool IsTaxIncluded { get; set; }

    public IReadOnlyList<ShippingMethod> ShippingMethods { get; set; } = [];

    public int DownloadDays { get; set; } = 30;

    public int DownloadsPerFile { get; set; } = 5;

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<CommerceSettings>
    {
        public void Configure(EntityTypeBuilder<CommerceSettings> builder)
        {
            builder.ToTable("commerce_settings");
            builder.HasKey(s => s.TenantId);
            builder.Property(s => s.TenantId).ValueGeneratedNever();
            builder.Property(s => s.TaxName).HasMaxLength(40);
            builder.Property(s => s.ShippingMethods).IsJson();
        }
    }
}

internal sealed record ShippingMethod
{
    /// <summary>Chosen by the studio; carts refer to the method by it.</summary>
    [StringLength(40, MinimumLength = 1), RegularExpression("^[a-z0-9][a-z0-9_-]{0,39}$", ErrorMessage = "1 to 40 lower-case letters, digits, hyphens and underscores.")]
    public required string Id { get; init; }

    [OneLine, Required, StringLength(60, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>For the whole order, in the studio's currency.</summary>
    public required Money Price { get; init; }

    [StringLength(300)]
    public string? Description { get; init; }
}
