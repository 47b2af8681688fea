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

    /// <summary>Unique on the platform; part of URLs.</summary>
    public required string Slug { get; set; }

    /// <summary>An ISO 4217 code. It cannot be changed, because all prices are in it.</summary>
    public required string Currency { get; init; }

    public required string Country { get; set; }

    /// <summary>An IANA time zone, for example Europe/Paris.</summary>
    public required string TimeZone { get; set; }

    public required string Plan { get; set; }

    /// <summary>A studio for trying things out: payments are simulated, and emails are marked.</summary>
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
