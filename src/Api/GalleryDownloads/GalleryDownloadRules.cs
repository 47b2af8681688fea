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
    /// <summary>Whoever may look at the gallery.</summary>
    Everyone,

    /// <summary>Visitors who gave an e-mail address.</summary>
    WithEmail,

    /// <summary>Visitors whose e-mail address is one of the rules'.</summary>
    ListedEmails,
}

/// <summary>
/// What visitors of a gallery may download free of charge: nothing, until the studio says so. A gallery without a row has the
/// rules of a new one.
/// </summary>
internal sealed class GalleryDownloadRules : ITenantOwned, ILockable, IVersioned, IAudited
{
    public const int MaxEmails = 500;

    public Id<Tenant> TenantId { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public bool AllowsDownloads { get; set; }

    public List<DigitalSize> Sizes { get; set; } = [];

    /// <summary>Of the longer side; null: the largest rendition there is.</summary>
    public int? WebPixels { get; set; }

    /// <summary>Web files carry the gallery's watermark, where it has one.</summary>
    public bool IsWebWatermarked { get; set; } = true;

    [NotInAudit]
    public string? PinHash { get; private set; }

    /// <summary>Raised when the PIN changes: what was opened with another one ends.</summary>
    public int PinVersion { get; private set; }

    /// <summary>Photos; null: as many as there are.</summary>
    public int? PhotosPerVisitor { get; set; }

    /// <summary>Photos of all visitors together, each visitor's counted by itself.</summary>
    public int? PhotosPerGallery { get; set; }

    public DownloadAudience Audience { get; set; }

    // Personal, as visitors' own addresses are. Lower case.
    [NotInAudit]
    public List<string> Emails { get; set; } = [];

    public DateTimeOffset? EndsAt { get; set; }

    /// <summary>How often it was taken; its only use is to be changed, so that whoever counts photos goes one after the other.</summary>
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
