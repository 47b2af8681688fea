using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Photos.Processing;

/// <summary>The photos of a deleted section stay in the gallery, outside of sections.</summary>
internal sealed class LeaveSection(ProofsheetDb db, TimeProvider clock) : IHandle<SectionDeleted>
{
    public Task HandleAsync(SectionDeleted happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return db.Set<Photo>().Where(p => p.GalleryId == happened.GalleryId && p.SectionId == happened.SectionId)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.SectionId, (Shared.Ids.Id<Section>?)null).SetChanged(now), cancellation);
    }
}
