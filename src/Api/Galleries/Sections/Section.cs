using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Galleries.Sections;

/// <summary>A part of a gallery, such as "Ceremony". Deleting it hides it and notifies the photos' module, whose photos then have no section.</summary>
internal sealed class Section : ITenantOwned, IIdentified, IVersioned, IAudited
{
    public const int MaxPerGallery = 100;
    public const string DeletedFilter = "deleted";

    public static string Prefix => "sec";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Section> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required string Title { get; set; }

    public string? Description { get; set; }

    /// <summary>The place in the gallery, from 0.</summary>
    public required int Position { get; set; }

    // Of the studio alone, and perhaps personal.
    [NotInAudit]
    public Dictionary<string, string> Metadata { get; set; } = [];

    public DateTimeOffset? DeletedAt { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    public void Delete(DateTimeOffset now) => DeletedAt ??= now;

    public void Purge(DateTimeOffset now)
    {
        Delete(now);
        (Title, Description, Metadata) = ("", null, []);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Section>
    {
        public void Configure(EntityTypeBuilder<Section> builder)
        {
            builder.ToTable("sections");
            builder.Property(s => s.Metadata).IsJson();
            builder.Property(s => s.Title).HasMaxLength(200);
            builder.Property(s => s.Description).HasMaxLength(2000);
            builder.HasOne<Gallery>().WithMany().HasForeignKey(s => new { s.TenantId, s.GalleryId }).OnDelete(DeleteBehavior.Cascade);
            builder.HasQueryFilter(DeletedFilter, s => s.DeletedAt == null);
        }
    }
}
