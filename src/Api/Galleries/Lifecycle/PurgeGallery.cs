using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Invitations;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Galleries.Lifecycle;

/// <summary>A gallery was deleted 30 days ago; it may have been restored since.</summary>
internal sealed record GalleryPurgeDue(Id<Gallery> GalleryId) : IOutboxEvent
{
    public static string EventName => "galleries.purge_due";
}

/// <summary>A gallery was permanently deleted: other modules delete what they keep for it.</summary>
internal sealed record GalleryPurged(Id<Gallery> GalleryId) : IOutboxEvent
{
    public static string EventName => "galleries.purged";
}

/// <summary>
/// Empties a gallery that can no longer be restored. The bare row is kept, because orders refer to it for as long as the law requires;
/// title, slug, password or PIN, section texts and visitor names are not. Of a slug that clients may know, a hash rests for a year.
/// </summary>
internal sealed class PurgeGallery(ProofsheetDb db, SlugClaims slugs, TimeProvider clock) : IHandle<GalleryPurgeDue>
{
    public async Task HandleAsync(GalleryPurgeDue happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var gallery = await db.Past<Gallery>(Gallery.DeletedFilter).SingleOrDefaultAsync(g => g.Id == happened.GalleryId, cancellation);
        if (gallery is null || !gallery.IsDueForPurgeAt(now))
        {
            return;
        }

        await slugs.LeaveAsync(gallery, gallery.Slug, gallery.DeletedAt!.Value, cancellation);
        gallery.Purge(now);
        foreach (var section in await db.Past<Section>(Section.DeletedFilter).Where(s => s.GalleryId == gallery.Id).ToListAsync(cancellation))
        {
            section.Purge(now);
        }

        foreach (var visitor in await db.Set<Visitor>().Where(v => v.GalleryId == gallery.Id).ToListAsync(cancellation))
        {
            (visitor.Name, visitor.Email, visitor.EmailVerifiedAt, visitor.ClientId) = (null, null, null, null);
        }

        db.RemoveRange(await db.Set<VisitorSession>().Where(s => s.GalleryId == gallery.Id).ToListAsync(cancellation));
        db.RemoveRange(await db.Set<GalleryInvitation>().Where(i => i.GalleryId == gallery.Id).ToListAsync(cancellation));

        db.Publish(gallery.TenantId, new GalleryPurged(gallery.Id), now);
        await db.SaveChangesAsync(cancellation);
    }
}
