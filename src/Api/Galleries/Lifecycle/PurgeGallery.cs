using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Galleries.Lifecycle;

/// <summary>A gallery was deleted 30 days ago, and perhaps restored since.</summary>
internal sealed record GalleryPurgeDue(Id<Gallery> GalleryId) : IOutboxEvent
{
    public static string EventName => "galleries.purge_due";
}

/// <summary>A gallery is gone for good: whoever keeps something of it for its sake lets that go.</summary>
internal sealed record GalleryPurged(Id<Gallery> GalleryId) : IOutboxEvent
{
    public static string EventName => "galleries.purged";
}

/// <summary>
/// Empties a gallery whose days are over. The bare row stays, since orders refer to it for as long as the law wants them;
/// titles, slug, lock, sections' texts and visitors' names do not.
/// </summary>
internal sealed class PurgeGallery(ProofsheetDb db, TimeProvider clock) : IHandle<GalleryPurgeDue>
{
    public async Task HandleAsync(GalleryPurgeDue happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var gallery = await db.Past<Gallery>(Gallery.DeletedFilter).SingleOrDefaultAsync(g => g.Id == happened.GalleryId, cancellation);
        if (gallery is null || !gallery.IsDueForPurgeAt(now))
        {
            return;
        }

        gallery.Purge(now);
        foreach (var section in await db.Past<Section>(Section.DeletedFilter).Where(s => s.GalleryId == gallery.Id).ToListAsync(cancellation))
        {
            section.Purge(now);
        }

        foreach (var visitor in await db.Set<Visitor>().Where(v => v.GalleryId == gallery.Id).ToListAsync(cancellation))
        {
            (visitor.Name, visitor.Email) = (null, null);
        }

        db.Publish(gallery.TenantId, new GalleryPurged(gallery.Id), now);
        await db.SaveChangesAsync(cancellation);
    }
}
