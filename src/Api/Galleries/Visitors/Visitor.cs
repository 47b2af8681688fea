using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>A person in one gallery. Nothing links the same person's visits to two galleries.</summary>
internal sealed class Visitor : ITenantOwned, IIdentified<Visitor>, IVersioned, IAudited
{
    public static string Prefix => "vis";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Visitor> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    // Personal: stored only in this row, so that erasing the row erases it.
    [NotInAudit]
    public string? Name { get; set; }

    [NotInAudit]
    public string? Email { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; set; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    /// <summary>Keeps the known values if no new ones are given.</summary>
    public void Introduce(string? name, string? email)
    {
        Name = Clean(name) ?? Name;
        Email = EmailAddress.Read(email) ?? Email;
    }

    public static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    internal sealed class Mapping : IEntityTypeConfiguration<Visitor>
    {
        public void Configure(EntityTypeBuilder<Visitor> builder)
        {
            builder.ToTable("visitors");
            builder.Property(v => v.Name).HasMaxLength(100);
            builder.Property(v => v.Email).HasMaxLength(254);
            builder.HasOne<Gallery>().WithMany().HasForeignKey(v => new { v.TenantId, v.GalleryId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
