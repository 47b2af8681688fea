using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.GalleryDownloads;

internal enum DownloadAudience
{
    /// <summary>Everyone who may view the gallery.</summary>
    Everyone,

    /// <summary>Visitors who gave an email address.</summary>
    WithEmail,

    /// <summary>Visitors whose email address is on the list.</summary>
    ListedEmails,
}

/// <summary>
/// What visitors of a gallery may download free of charge: nothing, until the studio allows it. A gallery without a row has the
/// rules of a new one.
/// </summary>
internal sealed class GalleryDownloadRules : ITenantOwned, ILockable, IVersioned, IAudited
{
    public const int MaxEmails = 500;

    public Id<Tenant> TenantId { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public bool AllowsDownloads { get; set; }

    public List<DigitalSize> Sizes { get; set; } = [];

    /// <summary>The length of the longer side; null for the largest rendition available.</summary>
    public int? WebPixels { get; set; }

    /// <summary>Web files have the gallery's watermark, if it has one.</summary>
    public bool IsWebWatermarked { get; set; } = true;

    [NotInAudit]
    public string? PinHash { get; private set; }

    /// <summary>Raised when the PIN changes; downloads that were created with another PIN then end.</summary>
    public int PinVersion { get; private set; }

    /// <summary>The maximum number of photos; null for no limit.</summary>
    public int? PhotosPerVisitor { get; set; }

    /// <summary>The maximum number of photos for all visitors together, counted separately for each visitor.</summary>
    public int? PhotosPerGallery { get; set; }

    public DownloadAudience Audience { get; set; }

    // Personal, like visitors' own email addresses. Lower case.
    [NotInAudit]
    public List<string> Emails { get; set; } = [];

    public DateTimeOffset? EndsAt { get; set; }

    /// <summary>Incremented to take the lock, so that transactions that count photos run one after the other.</summary>
    public long LockVersion { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    public void SetPin(string? hash) => (PinHash, PinVersion) = (hash, PinVersion + 1);

    public bool HasEndedAt(DateTimeOffset now) => EndsAt is not null && EndsAt <= now;

    public bool Takes(string? email) => Audience switch
    {
        DownloadAudience.Everyone => true,
        DownloadAudience.WithEmail => email is not null,
        _ => email is not null && Emails.Contains(EmailAddress.Key(email)),
    };

    internal sealed class Mapping : IEntityTypeConfiguration<GalleryDownloadRules>
    {
        public void Configure(EntityTypeBuilder<GalleryDownloadRules> builder)
        {
            builder.ToTable("gallery_download_rules");
            builder.HasKey(r => new { r.TenantId, r.GalleryId });
            builder.Property(r => r.Sizes).IsJson();
            builder.Property(r => r.Emails).IsJson();
            builder.Property(r => r.PinHash).HasMaxLength(200).IsUnicode(false);
            builder.HasOne<Gallery>().WithOne().HasForeignKey<GalleryDownloadRules>(r => new { r.TenantId, r.GalleryId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
