using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Galleries;

/// <summary>What a gallery is at a moment; expired is not stored, it follows from the expiry.</summary>
internal enum GalleryStatus
{
    Draft,
    Published,
    Expired,
    Archived,
}

/// <summary>What the studio made of a gallery, whatever the time says.</summary>
internal enum GalleryStage
{
    Draft,
    Published,
    Archived,
}

/// <summary>What a visitor has to know before a gallery opens.</summary>
internal enum GalleryRequirement
{
    None,
    Password,
    Pin,
}

/// <summary>What each visitor's pictures say of the visitor, over the gallery's watermark.</summary>
internal enum ViewerWatermark
{
    None,

    /// <summary>The name the visitor gave.</summary>
    Name,

    /// <summary>The e-mail address the visitor gave.</summary>
    Email,
}

/// <summary>A session's photos as its clients see them. A deleted gallery is filtered out of every query until it is restored.</summary>
internal sealed class Gallery : ITenantOwned, IVersioned, IIdentified<Gallery>, IAudited
{
    public const int DaysUntilPurged = 30;
    public const string DeletedFilter = "deleted";

    public static string Prefix => "gal";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Gallery> Id { get; init; }

    public required string Title { get; set; }

    /// <summary>Unique in the studio; the end of the gallery's address.</summary>
    public required string Slug { get; set; }

    public string? Description { get; set; }

    public DateOnly? EventDate { get; set; }

    public GalleryStage Stage { get; private set; } = GalleryStage.Draft;

    /// <summary>Whether the studio's front shows it; others reach it by its URL alone.</summary>
    public bool IsListed { get; set; }

    public GalleryRequirement Requires { get; private set; }

    /// <summary>Of the password or the PIN; null where there is none.</summary>
    [NotInAudit]
    public string? SecretHash { get; private set; }

    /// <summary>Raised whenever the lock changes: visitor tokens of an older version open nothing.</summary>
    public int AccessVersion { get; private set; } = 1;

    public required string Layout { get; set; }

    public required string Theme { get; set; }

    /// <summary>BCP 47, e.g. <c>fr</c> or <c>pt-BR</c>.</summary>
    public required string Language { get; set; }

    /// <summary>What visitors see on the photos. The studio's default is copied in at creation and not followed afterwards.</summary>
    public Id<Watermark>? WatermarkId { get; set; }

    public ViewerWatermark ViewerWatermark { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>How many photos one selection holds at most; null: as many as there are.</summary>
    public int? PickLimit { get; set; }

    /// <summary>From then on nothing is picked any more; may lie ahead.</summary>
    public DateTimeOffset? ProofingClosedAt { get; set; }

    /// <summary>A photo's id as text: photos belong to another module, which this one cannot see.</summary>
    public string? CoverPhotoId { get; private set; }

    public double CoverFocalX { get; private set; } = 0.5;

    public double CoverFocalY { get; private set; } = 0.5;

    /// <summary>A price sheet's id as text; null: the studio's default sheet.</summary>
    public string? PriceSheetId { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? PublishedAt { get; private set; }

    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>Set when a deleted gallery's days are over: what orders refer to stays, its content is gone.</summary>
    public DateTimeOffset? PurgedAt { get; private set; }

    // Of the studio alone, and perhaps personal.
    [NotInAudit]
    public Dictionary<string, string> Metadata { get; set; } = [];

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    public GalleryStatus StatusAt(DateTimeOffset now) => Stage switch
    {
        GalleryStage.Draft => GalleryStatus.Draft,
        GalleryStage.Archived => GalleryStatus.Archived,
        _ => HasExpiredAt(now) ? GalleryStatus.Expired : GalleryStatus.Published,
    };

    /// <summary>True when visitors may look at it.</summary>
    public bool IsOpenAt(DateTimeOffset now) => DeletedAt is null && StatusAt(now) == GalleryStatus.Published;

    /// <summary>True when visitors may pick photos and submit.</summary>
    public bool AllowsPicksAt(DateTimeOffset now) => IsOpenAt(now) && (ProofingClosedAt is null || ProofingClosedAt > now);

    public bool HasExpiredAt(DateTimeOffset now) => ExpiresAt is not null && ExpiresAt <= now;

    /// <summary>False when it was published already.</summary>
    public bool Publish(DateTimeOffset now)
    {
        var changes = Stage != GalleryStage.Published;
        Stage = GalleryStage.Published;
        PublishedAt ??= now;
        return changes;
    }

    public void Unpublish() => Stage = GalleryStage.Draft;

    public void Archive() => Stage = GalleryStage.Archived;

    /// <summary>Puts another lock on the gallery and ends the visits that the old one let in.</summary>
    /// <param name="requires">What a visitor has to know.</param>
    /// <param name="secretHash">Of the password or PIN, as <see cref="GallerySecrets"/> made it; null for open galleries.</param>
    public void Lock(GalleryRequirement requires, string? secretHash)
    {
        if (requires != GalleryRequirement.None != secretHash is not null)
        {
            throw new InvalidOperationException("A lock needs its secret, and an open gallery has none.");
        }

        (Requires, SecretHash) = (requires, secretHash);
        AccessVersion++;
    }

    /// <param name="photoId">A photo of this gallery.</param>
    /// <param name="focalX">From the left edge, 0 to 1: what stays in sight when the cover is cropped.</param>
    /// <param name="focalY">From the top edge, 0 to 1.</param>
    public void SetCover(string photoId, double focalX, double focalY) => (CoverPhotoId, CoverFocalX, CoverFocalY) = (photoId, focalX, focalY);

    public void RemoveCover() => (CoverPhotoId, CoverFocalX, CoverFocalY) = (null, 0.5, 0.5);

    public void AssignPriceSheet(string? priceSheetId) => PriceSheetId = priceSheetId;

    public void Delete(DateTimeOffset now) => DeletedAt ??= now;

    public void Restore() => DeletedAt = null;

    public bool IsDueForPurgeAt(DateTimeOffset now) => PurgedAt is null && DeletedAt is not null && DeletedAt.Value.AddDays(DaysUntilPurged) <= now;

    /// <summary>Empties the gallery for good and frees its slug.</summary>
    public void Purge(DateTimeOffset now)
    {
        PurgedAt = now;
        (Title, Slug, Description, SecretHash) = ("", Id.ToStored(), null, null);
        (IsListed, Requires, AccessVersion) = (false, GalleryRequirement.None, AccessVersion + 1);
        (WatermarkId, PriceSheetId, Metadata) = (null, null, []);
        RemoveCover();
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Gallery>
    {
        public void Configure(EntityTypeBuilder<Gallery> builder)
        {
            builder.ToTable("galleries");
            builder.Property(e => e.Metadata).IsJson();
            builder.Property(g => g.Title).HasMaxLength(200);
            builder.Property(g => g.Slug).HasMaxLength(GallerySlugs.MaxLength).IsUnicode(false);
            builder.Property(g => g.Description).HasMaxLength(4000);
            builder.Property(g => g.SecretHash).HasMaxLength(200).IsUnicode(false);
            builder.Property(g => g.Language).HasMaxLength(10).IsUnicode(false);
            builder.Property(g => g.Layout).HasMaxLength(GalleryPresentation.MaxWordLength).IsUnicode(false);
            builder.Property(g => g.Theme).HasMaxLength(GalleryPresentation.MaxWordLength).IsUnicode(false);
            builder.Property(g => g.CoverPhotoId).HasMaxLength(32).IsUnicode(false);
            builder.Property(g => g.PriceSheetId).HasMaxLength(32).IsUnicode(false);
            // For rows from before there was a choice.
            builder.Property(g => g.ViewerWatermark).HasDefaultValue(ViewerWatermark.None);
            builder.HasIndex(g => new { g.TenantId, g.Slug }).IsUnique();
            builder.HasOne<Watermark>().WithMany().HasForeignKey(g => new { g.TenantId, g.WatermarkId }).OnDelete(DeleteBehavior.Restrict);
            builder.HasQueryFilter(DeletedFilter, g => g.DeletedAt == null);
        }
    }
}
