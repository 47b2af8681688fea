using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Lifecycle;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos.Processing;

/// <summary>Purges the photos of a gallery that is permanently deleted.</summary>
internal sealed class EmptyGallery(ProofsheetDb db, TenantContext tenant, TimeProvider clock) : IHandle<GalleryPurged>
{
    private const int AtOnce = 200;

    public async Task HandleAsync(GalleryPurged happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            var photos = await db.Set<Photo>().Where(p => p.GalleryId == happened.GalleryId && p.DeletedAt == null).OrderBy(p => p.Id).Take(AtOnce).ToListAsync(cancellation);
            if (photos.Count == 0)
            {
                return;
            }

            foreach (var photo in photos)
            {
                photo.Delete(now);
                db.Publish(tenant.Current, new PhotoPurgeDue { PhotoId = photo.Id, DeletedAt = now }, now);
            }

            await db.SaveChangesAsync(cancellation);
            db.ChangeTracker.Clear();
        }
    }
}
