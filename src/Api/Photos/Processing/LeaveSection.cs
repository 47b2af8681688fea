using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Photos.Processing;

/// <summary>Keeps the photos of a deleted section in the gallery, without a section.</summary>
internal sealed class LeaveSection(ProofsheetDb db, TimeProvider clock) : IHandle<SectionDeleted>
{
    public Task HandleAsync(SectionDeleted happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return db.Set<Photo>().Where(p => p.GalleryId == happened.GalleryId && p.SectionId == happened.SectionId)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.SectionId, (Shared.Ids.Id<Section>?)null).SetChanged(now), cancellation);
    }
}
