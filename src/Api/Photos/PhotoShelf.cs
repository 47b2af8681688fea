using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos;

/// <summary>
/// One row a gallery, changed by whoever adds photos to it or reorders it, at the beginning of the transaction: so those
/// go one after the other on every database, and limits, duplicates and positions are exact without further locks.
/// </summary>
internal sealed class PhotoShelf : ITenantOwned
{
    public Id<Tenant> TenantId { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    /// <summary>How often it was taken; its only use is to be changed.</summary>
    public required long Turns { get; init; }

    /// <summary>Waits for this gallery's turn and holds it until the open transaction ends.</summary>
    public static async Task TakeAsync(ProofsheetDb db, Id<Gallery> gallery, CancellationToken cancellation)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("A shelf is held by a transaction.");
        }

        await db.Set<PhotoShelf>().Where(s => s.GalleryId == gallery).ExecuteUpdateAsync(set => set.SetProperty(s => s.Turns, s => s.Turns + 1), cancellation);
    }

    /// <summary>Makes the gallery's row when it is missing; outside of any transaction, since the loser of a race fails.</summary>
    public static async Task EnsureAsync(ProofsheetDb db, Id<Gallery> gallery, CancellationToken cancellation)
    {
        if (await db.Set<PhotoShelf>().AnyAsync(s => s.GalleryId == gallery, cancellation))
        {
            return;
        }

        var shelf = new PhotoShelf { GalleryId = gallery, Turns = 0 };
        db.Add(shelf);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Another upload made it at the same moment.
        }

        db.Entry(shelf).State = EntityState.Detached;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<PhotoShelf>
    {
        public void Configure(EntityTypeBuilder<PhotoShelf> builder)
        {
            builder.ToTable("photo_shelves");
            builder.HasKey(s => new { s.TenantId, s.GalleryId });
            builder.HasOne<Gallery>().WithMany().HasForeignKey(s => new { s.TenantId, s.GalleryId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
