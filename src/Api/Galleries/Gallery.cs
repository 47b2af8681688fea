using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Galleries;

/// <summary>What a visitor has to know before a gallery opens.</summary>
internal enum GalleryRequirement
{
    None,
    Password,
    Pin,
}

/// <summary>What each visitor's pictures show about the visitor, on top of the gallery's watermark.</summary>
internal enum ViewerWatermark
{
    None,

    /// <summary>The name that the visitor gave.</summary>
    Name,

    /// <summary>The email address that the visitor gave.</summary>
    Email,
}

/// <summary>Photographs that are shown to clients together. A deleted gallery is filtered out of every query until it is restored.</summary>
internal sealed class Gallery : ITenantOwned, IVersioned, IIdentified<Gallery>, IAudited
{
    public const int DaysUntilPurged = 30;
    public const string DeletedFilter = "deleted";

    public static string Prefix => "gal";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Gallery> Id { get; init; }

    public required string Title { get; set; }

    /// <summary>The last part of the gallery's URL; unique in the studio, also among the former ones (<see cref="SlugClaim"/>).</summary>
    public required string Slug { get; set; }

    public string? Description { get; set; }

    public DateOnly? EventDate { get; set; }

    public GalleryStage Stage { get; private set; } = GalleryStage.Draft;

    /// <summary>Whether the studio's storefront lists it. Other galleries are reached by their URL alone.</summary>
    public bool IsListed { get; set; }

    public GalleryRequirement Requires { get; private set; }

    /// <summary>The hash of the password or PIN; null if there is none.</summary>
    [NotInAudit]
    public string? SecretHash { get; private set; }

    /// <summary>How many digits the PIN has; null if the gallery has none. Visitors are told, because they have to type them.</summary>
    public int? PinLength { get; private set; }

    /// <summary>Raised whenever the password or PIN changes; visitor tokens of an older version stop working.</summary>
    public int AccessVersion { get; private set; } = 1;

    public required string Layout { get; set; }

    public required string Theme { get; set; }

    /// <summary>A BCP 47 language tag, for example <c>fr</c> or <c>pt-BR</c>.</summary>
    public required string Language { get; set; }

    /// <summary>The watermark that visitors see. The studio's default is copied when the gallery is created; later changes of the default have no effect.</summary>
    public Id<Watermark>? WatermarkId { get; set; }

    public ViewerWatermark ViewerWatermark { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>The maximum number of photos in one selection; null for no limit.</summary>
    public int? PickLimit { get; set; }

    /// <summary>No photos can be picked after this time, which may be in the future.</summary>
    public DateTimeOffset? ProofingClosedAt { get; set; }

    /// <summary>A photo's id as text, because photos belong to another module that this one cannot reference.</summary>
    public string? CoverPhotoId { get; private set; }

    public double CoverFocalX { get; private set; } = 0.5;

    public double CoverFocalY { get; private set; } = 0.5;

    /// <summary>A price sheet's id as text; null for the studio's default sheet.</summary>
    public string? PriceSheetId { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? PublishedAt { get; private set; }

    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>Set when a deleted gallery can no longer be restored: its content is deleted, but what orders refer to is kept.</summary>
    public DateTimeOffset? PurgedAt { get; private set; }

    // Visible to the studio only, and may be personal.
    [NotInAudit]
    public Dictionary<string, string> Metadata { get; set; } = [];

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    // A method, so that it is no column.
    private GalleryOpening Opening() => new(Stage, ExpiresAt, DeletedAt);

    public GalleryStatus StatusAt(DateTimeOffset now) => Opening().StatusAt(now);

    /// <inheritdoc cref="GalleryOpening.IsOpenAt"/>
    public bool IsOpenAt(DateTimeOffset now) => Opening().IsOpenAt(now);

    /// <summary>True if visitors may pick photos and submit selections.</summary>
    public bool AllowsPicksAt(DateTimeOffset now) => IsOpenAt(now) && (ProofingClosedAt is null || ProofingClosedAt > now);

    public bool HasExpiredAt(DateTimeOffset now) => Opening().HasExpiredAt(now);

    /// <summary>False if it was already published.</summary>
    public bool Publish(DateTimeOffset now)
    {
        var changes = Stage != GalleryStage.Published;
        Stage = GalleryStage.Published;
        PublishedAt ??= now;
        return changes;
    }

    public void Unpublish() => Stage = GalleryStage.Draft;

    public void Archive() => Stage = GalleryStage.Archived;

    /// <summary>Changes what opens the gallery and ends the visits that were opened before.</summary>
    /// <param name="requires">What a visitor has to know.</param>
    /// <param name="secretHash">The hash of the password or PIN, as made by <see cref="GallerySecrets"/>; null for open galleries.</param>
    /// <param name="pinLength">How many digits the PIN has; null without one.</param>
    public void Lock(GalleryRequirement requires, string? secretHash, int? pinLength)
    {
        if (requires != GalleryRequirement.None != secretHash is not null)
        {
            throw new InvalidOperationException("A lock needs its secret, and an open gallery has none.");
        }

        (Requires, SecretHash, PinLength) = (requires, secretHash, pinLength);
        AccessVersion++;
    }

    /// <param name="photoId">A photo of this gallery.</param>
    /// <param name="focalX">The point that stays visible when the cover is cropped: 0 is the left edge, 1 the right.</param>
    /// <param name="focalY">The same vertically: 0 is the top edge, 1 the bottom.</param>
    public void SetCover(string photoId, double focalX, double focalY) => (CoverPhotoId, CoverFocalX, CoverFocalY) = (photoId, focalX, focalY);

    public void RemoveCover() => (CoverPhotoId, CoverFocalX, CoverFocalY) = (null, 0.5, 0.5);

    public void AssignPriceSheet(string? priceSheetId) => PriceSheetId = priceSheetId;

    public void Delete(DateTimeOffset now) => DeletedAt ??= now;

    public void Restore() => DeletedAt = null;

    public bool IsDueForPurgeAt(DateTimeOffset now) => PurgedAt is null && DeletedAt is not null && DeletedAt.Value.AddDays(DaysUntilPurged) <= now;

    /// <summary>Permanently empties the gallery and frees its slug.</summary>
    public void Purge(DateTimeOffset now)
    {
        PurgedAt = now;
        (Title, Slug, Description, SecretHash, PinLength) = ("", Id.ToStored(), null, null, null);
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
            builder.Property(g => g.Layout).HasMaxLength(Texts.MaxWordLength).IsUnicode(false);
            builder.Property(g => g.Theme).HasMaxLength(Texts.MaxWordLength).IsUnicode(false);
            builder.Property(g => g.CoverPhotoId).HasMaxLength(32).IsUnicode(false);
            builder.Property(g => g.PriceSheetId).HasMaxLength(32).IsUnicode(false);
            // For rows that were created before this column existed.
            builder.Property(g => g.ViewerWatermark).HasDefaultValue(ViewerWatermark.None);
            builder.HasIndex(g => new { g.TenantId, g.Slug }).IsUnique();
            builder.HasOne<Watermark>().WithMany().HasForeignKey(g => new { g.TenantId, g.WatermarkId }).OnDelete(DeleteBehavior.Restrict);
            builder.HasQueryFilter(DeletedFilter, g => g.DeletedAt == null);
        }
    }
}
