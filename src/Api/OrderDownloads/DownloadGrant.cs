using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.OrderDownloads;

/// <summary>
/// The right to download one bought file. It has a separate copy of the file, so that what was paid for is kept when the photo
/// is replaced or deleted. The copy's length and checksum were measured when it was made.
/// </summary>
internal sealed class DownloadGrant : ITenantOwned, IIdentified
{
    public static string Prefix => "dgr";

    public Id<Tenant> TenantId { get; init; }

    public required Id<DownloadGrant> Id { get; init; }

    public required Id<Order> OrderId { get; init; }

    public required Id<OrderItem> OrderItemId { get; init; }

    public required Id<Photo> PhotoId { get; init; }

    public required DigitalSize Size { get; init; }

    public required string FileName { get; init; }

    public required string ContentType { get; init; }

    /// <summary>The key of the copy; no part of it comes from a client.</summary>
    public required string ObjectKey { get; init; }

    public required long Bytes { get; init; }

    public required string Sha256 { get; init; }

    public required long Crc32 { get; init; }

    public required int MaxDownloads { get; init; }

    /// <summary>Changed only by statements that also check the limit.</summary>
    public int Downloads { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public int Left => Math.Max(0, MaxDownloads - Downloads);

    internal sealed class Mapping : IEntityTypeConfiguration<DownloadGrant>
    {
        public void Configure(EntityTypeBuilder<DownloadGrant> builder)
        {
            builder.ToTable("download_grants");
            builder.Property(g => g.FileName).HasMaxLength(255);
            builder.Property(g => g.ContentType).HasMaxLength(64).IsUnicode(false);
            builder.Property(g => g.ObjectKey).HasMaxLength(512).IsUnicode(false);
            builder.Property(g => g.Sha256).HasMaxLength(64).IsUnicode(false);
            builder.Ignore(g => g.Left);
            builder.HasIndex(g => new { g.TenantId, g.OrderItemId }).IsUnique();
            builder.HasIndex(g => new { g.TenantId, g.OrderId });
            // A signed URL does not contain the studio.
            builder.HasIndex(g => g.Id);
            builder.HasIndex(g => g.OrderId);
            builder.HasOne<Order>().WithMany().HasForeignKey(g => new { g.TenantId, g.OrderId }).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

internal static class DownloadCounting
{
    /// <summary>Counts one download of each grant. False if one of them has none left or has expired; the caller then rolls back.</summary>
    public static async Task<bool> TryCountAsync(this IQueryable<DownloadGrant> grants, int count, DateTimeOffset now, CancellationToken cancellation) =>
        await grants.Where(g => g.Downloads < g.MaxDownloads && g.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.Downloads, g => g.Downloads + 1), cancellation) == count;
}
