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
    /// <summary>Announced, but its bytes are still being uploaded (resumable uploads).</summary>
    Uploading,

    /// <summary>The original is stored; renditions are being made.</summary>
    Processing,

    Ready,

    /// <summary>The original is stored, but could not be processed; the failure says why.</summary>
    Failed,
}

/// <summary>A photograph in a gallery: what people wrote about it, and what was read and made from its current version.</summary>
internal sealed class Photo : ITenantOwned, IIdentified<Photo>, IVersioned, IAudited
{
    /// <summary>The distance between the positions of photos, so that others fit in between without moving any.</summary>
    public const long PositionGap = 1L << 20;

    public static readonly TimeSpan DeletedFor = TimeSpan.FromDays(30);

    public static string Prefix => "pho";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Photo> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public Id<Section>? SectionId { get; set; }

    public required int CurrentVersionNumber { get; set; }

    /// <summary>The file that is shown and sold. Every query that reads photos also reads it.</summary>
    public required PhotoVersion CurrentVersion { get; set; }

    /// <summary>The file name in sortable form: lower case with padded numbers, so that IMG_2 comes before IMG_10.</summary>
    public required string SortName { get; init; }

    public string? Title { get; set; }

    public string? Caption { get; set; }

    /// <summary>A description of the picture for people who cannot see it.</summary>
    public string? AltText { get; set; }

    public required PhotoStatus Status { get; set; }

    public string? FailureCode { get; set; }

    public string? FailureDetail { get; set; }

    /// <summary>When the status last changed, for clients that watch the gallery.</summary>
    public required DateTimeOffset StatusChangedAt { get; set; }

    /// <summary>
    /// The hash of the current version, or null if the photo is deleted. A unique index on it keeps each picture from being in a gallery
    /// twice; this works on all three databases because none of them treats nulls as equal in it.
    /// </summary>
    public string? LiveSha256 { get; set; }

    public required long Position { get; set; }

    /// <summary>The upload group that the photo came in; see <c>UploadPlaces</c>.</summary>
    public string? UploadGroup { get; init; }

    public bool IsHidden { get; set; }

    public string? BlurHash { get; set; }

    /// <summary>As #rrggbb, the most dominant first.</summary>
    public List<string> Colors { get; set; } = [];

    /// <summary>The dHash of the picture; null until the photo has been processed.</summary>
    public long? DifferenceHash { get; set; }

    /// <summary>The pHash of the picture; null until the photo has been processed.</summary>
    public long? PerceptualHash { get; set; }

    /// <summary>The sharpness of the sharpest parts; higher is sharper.</summary>
    public double? Sharpness { get; set; }

    /// <summary>By the camera's clock, in the time zone that the camera wrote, otherwise in the studio's.</summary>
    public DateTimeOffset? TakenAt { get; set; }

    /// <summary>When it was taken, or uploaded if that is unknown; used to sort by time.</summary>
    public required DateTimeOffset OrderedAt { get; set; }

    // Contains where it was taken, which must not be recorded anywhere but in the photo.
    [NotInAudit]
    public PhotoDetails Details { get; set; } = new();

    /// <summary>Raised by each processing. It is part of the renditions' keys and URLs, so that the content of neither ever changes.</summary>
    public int RenditionVersion { get; set; }

    public List<StoredRendition> Renditions { get; set; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>Its files are permanently deleted; the row remains as a tombstone because selections and orders refer to it.</summary>
    public DateTimeOffset? PurgedAt { get; set; }

    // Visible to the studio only, and may be personal.
    [NotInAudit]
    public Dictionary<string, string> Metadata { get; set; } = [];

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    public bool IsLive => DeletedAt is null;

    /// <summary>Whether visitors of the gallery can see it.</summary>
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

    /// <summary>Clears everything that was read from the file. The file name remains for orders and picks that refer to it.</summary>
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
            builder.Property(p => p.UploadGroup).HasMaxLength(64).IsUnicode(false);
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
            builder.HasIndex(p => new { p.TenantId, p.GalleryId, p.UploadGroup, p.SortName });
            builder.HasIndex(p => new { p.TenantId, p.GalleryId, p.OrderedAt, p.Id });
            builder.HasIndex(p => new { p.TenantId, p.GalleryId, p.StatusChangedAt });
            // Only in this direction: with both, each of a new photo's two rows would have to be inserted first.
            builder.HasOne(p => p.CurrentVersion).WithOne().HasForeignKey<Photo>(p => new { p.TenantId, p.Id, p.CurrentVersionNumber })
                .HasPrincipalKey<PhotoVersion>(v => new { v.TenantId, v.PhotoId, v.Number }).OnDelete(DeleteBehavior.Restrict);
            builder.Navigation(p => p.CurrentVersion).AutoInclude();
            builder.HasOne<Gallery>().WithMany().HasForeignKey(p => new { p.TenantId, p.GalleryId }).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<Section>().WithMany().HasForeignKey(p => new { p.TenantId, p.SectionId }).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>What the camera and the photographer wrote into the file. Untrusted text: escape it where it is shown.</summary>
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

/// <summary>One stored size. All formats of a size show the same picture.</summary>
/// <param name="Size">The nominal size: 300, 1200 or 2048.</param>
internal sealed record StoredRendition(int Size, int Width, int Height)
{
    /// <summary>The stored formats, with the byte count of each.</summary>
    public required IReadOnlyDictionary<RenditionFormat, long> Bytes { get; init; }
}
