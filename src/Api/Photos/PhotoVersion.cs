using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos;

/// <summary>One file of a photo. Picks and order items refer to the version that was picked or ordered.</summary>
internal sealed class PhotoVersion : ITenantOwned
{
    public const int First = 1;

    public Id<Tenant> TenantId { get; init; }

    public required Id<Photo> PhotoId { get; init; }

    /// <summary>Counted from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The name of the studio's file, for people to read; never part of a path.</summary>
    public required string FileName { get; init; }

    /// <summary>The media type of the original, detected from its content.</summary>
    public required string ContentType { get; init; }

    public required long Bytes { get; init; }

    /// <summary>The SHA-256 of the original: 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The CRC-32 of the original, for stored ZIP archives.</summary>
    public required long Crc32 { get; init; }

    /// <summary>In pixels as shown, upright; 0 until the photo has been processed.</summary>
    public int Width { get; set; }

    /// <summary>In pixels as shown, upright; 0 until the photo has been processed.</summary>
    public int Height { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<PhotoVersion>
    {
        public void Configure(EntityTypeBuilder<PhotoVersion> builder)
        {
            builder.ToTable("photo_versions");
            builder.HasKey(v => new { v.TenantId, v.PhotoId, v.Number });
            builder.Property(v => v.Number).ValueGeneratedNever();
            builder.Property(v => v.FileName).HasMaxLength(255);
            builder.Property(v => v.ContentType).HasMaxLength(64).IsUnicode(false);
            builder.Property(v => v.Sha256).HasMaxLength(64).IsUnicode(false);
            builder.HasIndex(v => new { v.TenantId, v.Sha256 });
        }
    }
}
