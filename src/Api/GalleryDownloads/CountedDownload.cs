using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.GalleryDownloads;

/// <summary>A photo that a visitor was given for download. It is counted once, however often and in whichever sizes it is fetched.</summary>
internal sealed class CountedDownload : ITenantOwned
{
    public Id<Tenant> TenantId { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    /// <summary>A visitor's id, or a digest of an email address.</summary>
    public required string Who { get; init; }

    public required Id<Photo> PhotoId { get; init; }

    public required DateTimeOffset CountedAt { get; init; }

    /// <summary>
    /// Whose photos are counted. If the audience is a list of email addresses, it is the address: entering the gallery again creates another
    /// visitor, but not another address on the list.
    /// </summary>
    public static string WhoIs(GalleryDownloadRules rules, Visitor visitor) => rules.Audience == DownloadAudience.ListedEmails && visitor.Email is { } email
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{rules.GalleryId}\n{EmailAddress.Key(email)}")).AsSpan(0, 16))
        : visitor.Id.ToStored();

    internal sealed class Mapping : IEntityTypeConfiguration<CountedDownload>
    {
        public void Configure(EntityTypeBuilder<CountedDownload> builder)
        {
            builder.ToTable("counted_downloads");
            builder.HasKey(c => new { c.TenantId, c.GalleryId, c.Who, c.PhotoId });
            builder.Property(c => c.Who).HasMaxLength(32).IsUnicode(false);
            builder.HasOne<Gallery>().WithMany().HasForeignKey(c => new { c.TenantId, c.GalleryId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
