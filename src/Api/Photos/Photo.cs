using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Imaging;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos;

internal enum PhotoStatus
{
    /// <summary>Announced, but its bytes are still coming (resumable uploads).</summary>
    Uploading,

    /// <summary>The original is kept; renditions are being made.</summary>
    Processing,

    Ready,

    /// <summary>The original is kept, but nothing could be made of it; the failure says why.</summary>
    Failed,
}

/// <summary>A photograph of a gallery: what people say of it, and what was read from its current version and made of it.</summary>
internal sealed class Photo : ITenantOwned, IIdentified, IVersioned, IAudited
{
    /// <summary>How far apart photos stand in their gallery's order, so that others fit between without moving any.</summary>
    public const long PositionGap = 1L << 20;

    public static readonly TimeSpan DeletedFor = TimeSpan.FromDays(30);

    public static string Prefix => "pho";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Photo> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public Id<Section>? SectionId { get; set; }

    public required int CurrentVersionNumber { get; set; }

    /// <summary>The file that is shown and sold. Every query that reads photos reads it too.</summary>
    public required PhotoVersion CurrentVersion { get; set; }

    /// <summary>The file name made sortable: lower case, numbers padded, so that IMG_2 comes before IMG_10.</summary>
    public required string SortName { get; init; }

    public string? Title { get; set; }

    public string? Caption { get; set; }

    /// <summary>What the picture shows, for those who cannot see it.</summary>
    public string? AltText { get; set; }

    public required PhotoStatus Status { get; set; }

    public string? FailureCode { get; set; }

    public string? FailureDetail { get; set; }

    /// <summary>When the state last changed, for those who watch.</summary>
    public required DateTimeOffset StatusChangedAt { get; set; }

    /// <summary>
    /// The hash of the current version while the photo is not deleted, else null. A unique index over it holds each picture once in a gallery
    /// on every database, since none of the three compares nulls in it.
    /// </summary>
    public string? LiveSha256 { get; set; }

    public required long Position { get; set; }

    public bool IsHidden { get; set; }

    public string? BlurHash { get; set; }

    /// <summary>#rrggbb, the most present first.</summary>
    public List<string> Colors { get; set; } = [];

    /// <summary>dHash of the picture; null until it was processed.</summary>
    public long? DifferenceHash { get; set; }

    /// <summary>pHash of the picture.</summary>
    public long? PerceptualHash { get; set; }

    /// <summary>Of its sharpest parts; higher is sharper.</summary>
    public double? Sharpness { get; set; }

    /// <summary>By the camera's clock, read in the zone it wrote, else in the studio's.</summary>
    public DateTimeOffset? TakenAt { get; set; }

    /// <summary>When it was taken, or else came: what the order by time goes by.</summary>
    public required DateTimeOffset OrderedAt { get; set; }

    // Holds where it was taken, which nothing but the photo itself may keep.
    [NotInAudit]
    public PhotoDetails Details { get; set; } = new();

    /// <summary>Raised by each processing; part of the renditions' keys and addresses, so that neither ever changes its content.</summary>
    public int RenditionVersion { get; set; }

    public List<StoredRendition> Renditions { get; set; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>Its files are gone for good; the row stays as a tombstone, since selections and orders name it.</summary>
    public DateTimeOffset? PurgedAt { get; set; }

    // Of the studio alone, and perhaps personal.
    [NotInAudit]
    public Dictionary<string, string> Metadata { get; set; } = [];

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    public bool IsLive => DeletedAt is null;

    /// <summary>What a visitor of the gallery may see at all.</summary>
    public bool IsShown => Status == PhotoStatus.Ready && !IsHidden && DeletedAt is null;

    public void Fail(string code, string detail, DateTimeOffset now)
    {
        (Status, FailureCode, FailureDetail, StatusChangedAt) = (PhotoStatus.Failed, code, detail, now);
    }

    public void ProcessAgain(DateTimeOffset now)
    {
        (Status, FailureCode, FailureDetail, StatusChangedAt) = (PhotoStatus.Processing, null, null, now);
    }

    public void Delete(DateTimeOffset now)
    {
        (DeletedAt, LiveSha256, StatusChangedAt) = (now, null, now);
    }

    public void Restore(DateTimeOffset now)
    {
        (DeletedAt, LiveSha256, StatusChangedAt) = (null, CurrentVersion.Sha256, now);
    }

    /// <summary>Forgets all that was in the file; its name stays for those whose orders and picks name it.</summary>
    public void Purge(DateTimeOffset now)
    {
        PurgedAt = now;
        (Title, Caption, AltText, BlurHash, TakenAt) = (null, null, null, null, null);
        (DifferenceHash, PerceptualHash, Sharpness) = (null, null, null);
        (Colors, Details, Renditions, Metadata) = ([], new(), [], []);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Photo>
    {
        public void Configure(EntityTypeBuilder<Photo> builder)
        {
            builder.ToTable("photos");
            builder.Property(e => e.Metadata).IsJson();
            builder.Property(p => p.SortName).HasMaxLength(400);
            builder.Property(p => p.Title).HasMaxLength(300);
            builder.Property(p => p.Caption).HasMaxLength(2000);
            builder.Property(p => p.AltText).HasMaxLength(500);
            builder.Property(p => p.FailureCode).HasMaxLength(64).IsUnicode(false);
            builder.Property(p => p.FailureDetail).HasMaxLength(500);
            builder.Property(p => p.LiveSha256).HasMaxLength(64).IsUnicode(false);
            builder.Property(p => p.BlurHash).HasMaxLength(64).IsUnicode(false);
            builder.Property(p => p.Colors).IsJson();
            builder.Property(p => p.Details).IsJson();
            builder.Property(p => p.Renditions).IsJson();
            builder.HasIndex(p => new { p.TenantId, p.GalleryId, p.LiveSha256 }).IsUnique();
            builder.HasIndex(p => new { p.TenantId, p.GalleryId, p.Position, p.Id });
            builder.HasIndex(p => new { p.TenantId, p.GalleryId, p.OrderedAt, p.Id });
            builder.HasIndex(p => new { p.TenantId, p.GalleryId, p.StatusChangedAt });
            // In this direction, and not the other one as well: a new photo's rows would each have to come first.
            builder.HasOne(p => p.CurrentVersion).WithOne().HasForeignKey<Photo>(p => new { p.TenantId, p.Id, p.CurrentVersionNumber })
                .HasPrincipalKey<PhotoVersion>(v => new { v.TenantId, v.PhotoId, v.Number }).OnDelete(DeleteBehavior.Restrict);
            builder.Navigation(p => p.CurrentVersion).AutoInclude();
            builder.HasOne<Gallery>().WithMany().HasForeignKey(p => new { p.TenantId, p.GalleryId }).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<Section>().WithMany().HasForeignKey(p => new { p.TenantId, p.SectionId }).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>What the camera and the photographer wrote into the file. Text of strangers: to be escaped where it is shown.</summary>
internal sealed record PhotoDetails
{
    public string? Camera { get; init; }

    public string? Lens { get; init; }

    public double? ExposureSeconds { get; init; }

    public double? Aperture { get; init; }

    public int? Iso { get; init; }

    public double? FocalLength { get; init; }

    public IReadOnlyList<string> Keywords { get; init; } = [];

    public int? Rating { get; init; }

    public string? Creator { get; init; }

    public string? Copyright { get; init; }
}

/// <summary>One stored size. All formats of a size are the same picture.</summary>
/// <param name="Size">The size it stands for: 300, 1200 or 2048.</param>
internal sealed record StoredRendition(int Size, int Width, int Height)
{
    /// <summary>The formats it is stored in, with the bytes of each.</summary>
    public required IReadOnlyDictionary<RenditionFormat, long> Bytes { get; init; }
}
