using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.GalleryDownloads;

internal enum PreparationStatus
{
    /// <summary>Files are being made or measured; the URL follows.</summary>
    Preparing,

    Ready,

    /// <summary>It could not be made; requesting it again starts over.</summary>
    Failed,
}

/// <summary>A visitor's request to download a fixed list of photos in one size, under the rules of that moment.</summary>
internal sealed class GalleryDownload : ITenantOwned, IIdentified, ITimestamped
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public static string Prefix => "gdl";

    public Id<Tenant> TenantId { get; init; }

    public required Id<GalleryDownload> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required Id<Visitor> VisitorId { get; set; }

    public required DigitalSize Size { get; init; }

    /// <summary>Identifies the files: <c>full</c>, or the mark and the pixels of web files. The download ends when the rules say something else.</summary>
    public required string Variant { get; init; }

    /// <summary>The version of the gallery's password or PIN.</summary>
    public required int AccessVersion { get; init; }

    public required int PinVersion { get; init; }

    /// <summary>The hash of the photos, their versions and the variant: requesting the same again finds this download.</summary>
    public required string ListHash { get; init; }

    public PreparationStatus Status { get; set; }

    public required int PhotoCount { get; init; }

    public int PreparedCount { get; set; }

    /// <summary>The size of the file or the archive in bytes; 0 until it is ready.</summary>
    public long Bytes { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<GalleryDownload>
    {
        public void Configure(EntityTypeBuilder<GalleryDownload> builder)
        {
            builder.ToTable("gallery_downloads");
            builder.Property(d => d.Variant).HasMaxLength(128).IsUnicode(false);
            builder.Property(d => d.ListHash).HasMaxLength(64).IsUnicode(false);
            builder.HasIndex(d => new { d.TenantId, d.VisitorId, d.ListHash });
            builder.HasIndex(d => d.ExpiresAt);
            // A signed URL does not contain the studio.
            builder.HasIndex(d => d.Id);
            builder.HasOne<Gallery>().WithMany().HasForeignKey(d => new { d.TenantId, d.GalleryId }).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<Visitor>().WithMany().HasForeignKey(d => new { d.TenantId, d.VisitorId }).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
