using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.GalleryDownloads;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Exports;

/// <summary>A whole gallery for its studio to take away: originals and what is known about them. The content is fixed when it is made.</summary>
internal sealed class GalleryExport : ITenantOwned, IIdentified, ITimestamped, IAudited
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public static string Prefix => "exp";

    public Id<Tenant> TenantId { get; init; }

    public required Id<GalleryExport> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public PreparationStatus Status { get; set; }

    /// <summary>The number of photos in the gallery when the export was made; 0 until they have been counted.</summary>
    public int PhotoCount { get; set; }

    /// <summary>How many of the photos have been looked up in the store so far.</summary>
    public int PreparedCount { get; set; }

    /// <summary>The number of photos whose original is no longer in the store; metadata.json lists them.</summary>
    public int MissingCount { get; set; }

    public long Bytes { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<GalleryExport>
    {
        public void Configure(EntityTypeBuilder<GalleryExport> builder)
        {
            builder.ToTable("gallery_exports");
            builder.HasIndex(e => e.ExpiresAt);
            // A signed URL does not contain the studio.
            builder.HasIndex(e => e.Id);
            builder.HasOne<Gallery>().WithMany().HasForeignKey(e => new { e.TenantId, e.GalleryId }).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
