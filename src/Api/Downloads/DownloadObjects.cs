using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Downloads;

/// <summary>The copies of what was bought.</summary>
internal sealed class DownloadObjects(ProofsheetDb db) : INamesObjects
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

    public async IAsyncEnumerable<NamedObject> NamedAsync(Id<Tenant> studio, DateTimeOffset since, ObjectKey? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var grants = db.Set<DownloadGrant>().Where(g => g.CreatedAt >= since).Select(g => new { g.ObjectKey, g.Bytes, g.Sha256 });
        // Here rather than in the query: no two databases need agree on an order of texts.
        foreach (var grant in (await grants.ToListAsync(cancellation)).OrderBy(g => g.ObjectKey, StringComparer.Ordinal))
        {
            if (after is { } key && string.CompareOrdinal(grant.ObjectKey, key.Value) <= 0)
            {
                continue;
            }

            yield return new NamedObject(ObjectKey.Parse(grant.ObjectKey), grant.Bytes, grant.Sha256);
        }
    }
}
