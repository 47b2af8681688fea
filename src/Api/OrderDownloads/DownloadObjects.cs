using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.OrderDownloads;

/// <summary>The copies of bought files.</summary>
internal sealed class DownloadObjects(ProofsheetDb db, IObjectStore store) : IObjectReferenceSource
{
    public const string Folder = "downloads";
    private const int Some = 200;

    public ObjectPrefix PrefixOf(Id<Tenant> studio) => ObjectPrefix.Of(studio.ToStored(), Folder);

    public async Task<IReadOnlySet<ObjectKey>> NeededAsync(Id<Tenant> studio, IReadOnlyCollection<ObjectStat> objects, CancellationToken cancellation)
    {
        var needed = new HashSet<ObjectKey>();
        foreach (var some in objects.Select(o => o.Key.Value).Chunk(Some))
        {
            var named = await db.Set<DownloadGrant>().Where(g => some.Contains(g.ObjectKey)).Select(g => g.ObjectKey).ToListAsync(cancellation);
            needed.UnionWith(named.Select(ObjectKey.Parse));
        }

        return needed;
    }

    public async IAsyncEnumerable<ObjectReference> ReferencesAsync(Id<Tenant> studio, DateTimeOffset since, ObjectKey? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var grants = db.Set<DownloadGrant>().Where(g => g.CreatedAt >= since).Select(g => new { g.ObjectKey, g.Bytes, g.Sha256 });
        // Sorted here and not in the query, because databases do not agree on the order of text.
        foreach (var grant in (await grants.ToListAsync(cancellation)).OrderBy(g => g.ObjectKey, StringComparer.Ordinal))
        {
            if (after is { } key && string.CompareOrdinal(grant.ObjectKey, key.Value) <= 0)
            {
                continue;
            }

            yield return new ObjectReference(ObjectKey.Parse(grant.ObjectKey), grant.Bytes, grant.Sha256);
        }
    }

    public async Task<IReadOnlyList<ObjectKey>> TwinsAsync(Id<Tenant> studio, ObjectReference lost, CancellationToken cancellation)
    {
        var twins = await db.Set<DownloadGrant>().Where(g => g.Sha256 == lost.Sha256 && g.Bytes == lost.Length).Select(g => g.ObjectKey).ToListAsync(cancellation);
        return [.. twins.Select(ObjectKey.Parse).Where(key => key != lost.Key)];
    }

    /// <summary>
    /// Copies a file in web size again from the photo's current rendition, as granting does. If the photo was processed again by a newer version, the
    /// bytes may differ, so the grant records those of the copy. A full file is not made again: its only source is its twin, the original.
    /// </summary>
    public async Task<ObjectRepair> MakeAgainAsync(Id<Tenant> studio, ObjectReference lost, ObjectCheck check, CancellationToken cancellation)
    {
        var grant = await db.Set<DownloadGrant>().AsNoTracking().SingleOrDefaultAsync(g => g.ObjectKey == lost.Key.Value && g.Size != DigitalSize.Full, cancellation);
        var photo = grant is null ? null : await db.Set<Photo>().AsNoTracking().SingleOrDefaultAsync(p => p.Id == grant.PhotoId && p.PurgedAt == null, cancellation);
        if (photo is not { Renditions.Count: > 0 })
        {
            return ObjectRepair.Impossible;
        }

        var from = GrantDownloads.RenditionOf(studio, photo);
        var bytes = photo.Renditions.MaxBy(r => r.Size)!.Bytes.GetValueOrDefault(RenditionFormat.Jpeg);
        if (await check.ProblemOfAsync(new ObjectReference(from, bytes > 0 ? bytes : null, null), cancellation) is not null
            || await GrantDownloads.CopyRenditionAsync(store, from, lost.Key, cancellation) is not { } copy)
        {
            return ObjectRepair.Impossible;
        }

        await db.Set<DownloadGrant>().Where(g => g.Id == grant!.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.Bytes, copy.Length).SetProperty(g => g.Sha256, copy.Sha256).SetProperty(g => g.Crc32, (long)copy.Crc32), cancellation);
        return await check.ProblemOfAsync(new ObjectReference(lost.Key, copy.Length, copy.Sha256), cancellation) is null ? ObjectRepair.Repaired : ObjectRepair.Impossible;
    }
}
