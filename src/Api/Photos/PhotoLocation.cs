using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos;

/// <summary>
/// Where a photo was taken: often someone's home. It has a separate table, so that no query of photos can reveal
/// it by accident. Only the studio gets it, and only on request.
/// </summary>
internal sealed class PhotoLocation : ITenantOwned
{
    public Id<Tenant> TenantId { get; init; }

    public required Id<Photo> PhotoId { get; init; }

    public required double Latitude { get; set; }

    public required double Longitude { get; set; }

    public double? AltitudeMeters { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<PhotoLocation>
    {
        public void Configure(EntityTypeBuilder<PhotoLocation> builder)
        {
            builder.ToTable("photo_locations");
            builder.HasKey(l => new { l.TenantId, l.PhotoId });
            builder.HasOne<Photo>().WithOne().HasForeignKey<PhotoLocation>(l => new { l.TenantId, l.PhotoId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
