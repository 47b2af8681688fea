using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos;

/// <summary>One file of a photo. What was picked or ordered names the version that it was picked or ordered in.</summary>
internal sealed class PhotoVersion : ITenantOwned
{
    public const int First = 1;

    public Id<Tenant> TenantId { get; init; }

    public required Id<Photo> PhotoId { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>As the studio's file was called, for people to read; never part of a path.</summary>
    public required string FileName { get; init; }

    /// <summary>Of the original, told from its content.</summary>
    public required string ContentType { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Of the original: 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Of the original, for stored ZIP archives.</summary>
    public required long Crc32 { get; init; }

    /// <summary>Pixels as shown, upright; 0 until it was processed.</summary>
    public int Width { get; set; }

    /// <summary>Pixels as shown, upright; 0 until it was processed.</summary>
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
