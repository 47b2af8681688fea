using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos;

/// <summary>
/// One row per gallery. A transaction that adds or reorders photos updates it first, so such transactions run one after the other on every
/// database, and limits, duplicates and positions are exact without any other lock.
/// </summary>
internal sealed class GalleryLock : ITenantOwned, ILockable
{
    public Id<Tenant> TenantId { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required long LockVersion { get; init; }

    /// <summary>Waits for the lock of this gallery and holds it until the open transaction ends.</summary>
    public static Task TakeAsync(ProofsheetDb db, Id<Gallery> gallery, CancellationToken cancellation) =>
        db.LockAsync(db.Set<GalleryLock>().Where(s => s.GalleryId == gallery), cancellation);

    /// <summary>Creates the gallery's row if it is missing. Call it outside a transaction, because the loser of a race fails.</summary>
    public static async Task EnsureAsync(ProofsheetDb db, Id<Gallery> gallery, CancellationToken cancellation)
    {
        if (await db.Set<GalleryLock>().AnyAsync(s => s.GalleryId == gallery, cancellation))
        {
            return;
        }

        // False: another upload created it at the same moment.
        _ = await db.TryAddAsync(new GalleryLock { GalleryId = gallery, LockVersion = 0 }, cancellation);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<GalleryLock>
    {
        public void Configure(EntityTypeBuilder<GalleryLock> builder)
        {
            builder.ToTable("gallery_locks");
            builder.HasKey(s => new { s.TenantId, s.GalleryId });
            builder.HasOne<Gallery>().WithMany().HasForeignKey(s => new { s.TenantId, s.GalleryId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
