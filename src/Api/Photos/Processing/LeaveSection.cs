using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Photos.Processing;

/// <summary>Keeps the photos of a deleted section in the gallery, without a section.</summary>
internal sealed class LeaveSection(ProofsheetDb db) : IHandle<SectionDeleted>
{
    private const int AtOnce = 500;

    public async Task HandleAsync(SectionDeleted happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var left = db.Set<Photo>().Where(p => p.GalleryId == happened.GalleryId && p.SectionId == happened.SectionId).OrderBy(p => p.Id).Take(AtOnce);
        while (await left.ToListAsync(cancellation) is { Count: > 0 } photos)
        {
            photos.ForEach(p => p.SectionId = null);
            await db.SaveChangesAsync(cancellation);
            db.ChangeTracker.Clear();
        }
    }
}
