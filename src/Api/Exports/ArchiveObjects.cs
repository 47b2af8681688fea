using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Data;
using Proofsheet.Api.GalleryDownloads;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Exports;

/// <summary>The lists of visitors' downloads and of exports, which are needed as long as their row exists. A list is written just before its row.</summary>
internal sealed class ArchiveObjects(ProofsheetDb db) : IObjectReferenceSource
{
    private const int Some = 200;

    public ObjectPrefix PrefixOf(Id<Tenant> studio) => ArchiveLists.AllOf(studio);

    public async Task<IReadOnlySet<ObjectKey>> NeededAsync(Id<Tenant> studio, IReadOnlyCollection<ObjectStat> objects, CancellationToken cancellation)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in objects.Select(o => ArchiveOf(o.Key)).Distinct(StringComparer.Ordinal).Chunk(Some))
        {
            var (downloads, exports) = (Ids<GalleryDownload>(some), Ids<GalleryExport>(some));
            kept.UnionWith((await db.Set<GalleryDownload>().Where(d => downloads.Contains(d.Id)).Select(d => d.Id).ToListAsync(cancellation)).Select(id => id.ToStored()));
            kept.UnionWith((await db.Set<GalleryExport>().Where(e => exports.Contains(e.Id)).Select(e => e.Id).ToListAsync(cancellation)).Select(id => id.ToStored()));
        }

        return objects.Select(o => o.Key).Where(key => kept.Contains(ArchiveOf(key))).ToHashSet();
    }

    /// <remarks>No object has to exist: requesting the download or the export again makes it again.</remarks>
    public IAsyncEnumerable<ObjectReference> ReferencesAsync(Id<Tenant> studio, DateTimeOffset since, ObjectKey? after, CancellationToken cancellation) => AsyncEnumerable.Empty<ObjectReference>();

    private static string ArchiveOf(ObjectKey key) => key.Value.Split('/')[2];

    /// <summary>Anything that is not an id becomes the empty id, which no row has.</summary>
    private static List<Id<T>> Ids<T>(string[] stored)
        where T : IIdentified => [.. stored.Select(s => Id<T>.TryRead($"{T.Prefix}_{s}", out var id) ? id : default)];
}
