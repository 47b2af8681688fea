using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios;

/// <summary>A tenant: one photographer or a small team. Its id is the tenant's id.</summary>
internal sealed class Studio : ITenantOwned, IVersioned, IAudited
{
    public required Id<Tenant> TenantId { get; init; }

    public required string Name { get; set; }

    /// <summary>Unique over the platform; part of addresses.</summary>
    public required string Slug { get; set; }

    /// <summary>ISO 4217; fixed once made, since everything priced is in it.</summary>
    public required string Currency { get; init; }

    public required string Country { get; set; }

    /// <summary>IANA name, e.g. Europe/Paris.</summary>
    public required string TimeZone { get; set; }

    public required string Plan { get; set; }

    /// <summary>A studio that only plays: payments are simulated, mails carry a mark.</summary>
    public required bool IsSandbox { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Studio>
    {
        public void Configure(EntityTypeBuilder<Studio> builder)
        {
            builder.ToTable("studios");
            builder.HasKey(s => s.TenantId);
            builder.Property(s => s.TenantId).ValueGeneratedNever();
            builder.Property(s => s.Name).HasMaxLength(100);
            builder.Property(s => s.Slug).HasMaxLength(63).IsUnicode(false);
            builder.Property(s => s.Currency).HasMaxLength(3).IsUnicode(false);
            builder.Property(s => s.Country).HasMaxLength(2).IsUnicode(false);
            builder.Property(s => s.TimeZone).HasMaxLength(64).IsUnicode(false);
            builder.Property(s => s.Plan).HasMaxLength(32).IsUnicode(false);
            builder.HasIndex(s => s.Slug).IsUnique();
        }
    }
}
