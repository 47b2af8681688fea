using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos;

/// <summary>
/// Originals that no row needs and that are kept nevertheless, because the database may have been restored from a backup: then the photos that came after
/// the backup have originals but no rows, and photos that were purged after it have rows again. An original is kept
/// - if it is newer than the studio's newest photo that there is a row of, however old it is;
/// - for some days after it was written if it has no row, and after its photo was purged (<see cref="PhotoOptions.KeepDeletedDays"/>).
/// </summary>
internal sealed class KeptOriginals(ProofsheetDb db, IOptions<PhotoOptions> options, TimeProvider clock)
{
    public async Task<IReadOnlySet<ObjectKey>> OfAsync(Id<Tenant> studio, IReadOnlyCollection<ObjectStat> orphans, CancellationToken cancellation)
    {
        var originals = orphans.Select(o => (Object: o, Photo: PhotoFiles.PhotoOfOriginal(studio, o.Key))).Where(o => o.Photo is not null).ToList();
        if (originals.Count == 0)
        {
            return new HashSet<ObjectKey>();
        }

        var newest = await db.Set<Photo>().OrderByDescending(p => p.Id).Select(p => (Id<Photo>?)p.Id).FirstOrDefaultAsync(cancellation);
        var ids = originals.Select(o => o.Photo!.Value).ToList();
        var purged = await db.Set<Photo>().Where(p => ids.Contains(p.Id)).Select(p => new { p.Id, p.PurgedAt }).ToDictionaryAsync(p => p.Id, p => p.PurgedAt, cancellation);
        var since = clock.GetUtcNow().AddDays(-options.Value.KeepDeletedDays);
        return originals.Where(o => newest is null || o.Photo > newest || (purged.TryGetValue(o.Photo!.Value, out var at) ? at is null || at > since : o.Object.WrittenAt > since))
            .Select(o => o.Object.Key).ToHashSet();
    }
}
