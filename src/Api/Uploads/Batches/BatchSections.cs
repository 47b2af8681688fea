using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Batches;

internal static class BatchSections
{
    /// <summary>
    /// Finds the gallery's sections by title and creates the missing ones, under the gallery's lock so that concurrent batches
    /// create each section once. Titles beyond the section limit of a gallery are left out.
    /// </summary>
    public static async Task<Dictionary<string, Id<Section>>> EnsureAsync(
        ProofsheetDb db, Id<Gallery> gallery, IReadOnlyList<string> titles, TimeProvider clock, CancellationToken cancellation)
    {
        if (titles.Count == 0)
        {
            return [];
        }

        await GalleryLock.EnsureAsync(db, gallery, cancellation);
        return await db.InTransactionAsync(async () =>
        {
            await GalleryLock.TakeAsync(db, gallery, cancellation);
            var sections = await db.Set<Section>().AsNoTracking().Where(s => s.GalleryId == gallery).OrderBy(s => s.Position).ToListAsync(cancellation);
            var ids = new Dictionary<string, Id<Section>>(StringComparer.Ordinal);
            foreach (var section in sections)
            {
                ids.TryAdd(section.Title, section.Id);
            }

            var next = sections.Count == 0 ? 0 : sections[^1].Position + 1;
            foreach (var title in titles.Where(t => !ids.ContainsKey(t)).Take(Section.MaxPerGallery - sections.Count).ToList())
            {
                var now = clock.GetUtcNow();
                var section = new Section { Id = Id<Section>.New(now), GalleryId = gallery, Title = title, Position = next++, CreatedAt = now };
                db.Add(section);
                ids.Add(title, section.Id);
            }

            await db.SaveChangesAsync(cancellation);
            return ids;
        }, cancellation);
    }
}
