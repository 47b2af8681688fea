using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>The bytes of unfinished uploads. Unneeded ones were left by a crash, a writer that lost its lock, or a client that was too late.</summary>
internal sealed class UploadObjects(ProofsheetDb db) : IObjectReferenceSource
{
    private const int Some = 200;

    public ObjectPrefix PrefixOf(Id<Tenant> studio) => UploadFiles.AllOf(studio);

    public async Task<IReadOnlySet<ObjectKey>> NeededAsync(Id<Tenant> studio, IReadOnlyCollection<ObjectStat> objects, CancellationToken cancellation)
    {
        var needed = new HashSet<ObjectKey>();
        foreach (var uploads in objects.Select(o => UploadOf(o.Key)).Distinct().Chunk(Some))
        {
            var parts = await db.Set<UploadPart>().AsNoTracking().Where(p => uploads.Contains(p.UploadId)).ToListAsync(cancellation);
            needed.UnionWith(parts.Select(p => UploadFiles.Part(studio, p)));
        }

        // What a client sent to the store directly has no part row until the client completes the upload.
        foreach (var uploads in objects.Where(o => UploadFiles.IsDirect(o.Key)).Select(o => UploadOf(o.Key)).Chunk(Some))
        {
            var open = await db.Set<Upload>().Where(u => uploads.Contains(u.Id) && u.Status == UploadStatus.Open).Select(u => u.Id).ToListAsync(cancellation);
            needed.UnionWith(open.Select(id => UploadFiles.Direct(studio, id)));
        }

        return needed;
    }

    /// <remarks>No object has to exist: an upload whose bytes are lost starts again, and an upload that has ended keeps its rows for a while.</remarks>
    public IAsyncEnumerable<ObjectReference> ReferencesAsync(Id<Tenant> studio, DateTimeOffset since, ObjectKey? after, CancellationToken cancellation) => AsyncEnumerable.Empty<ObjectReference>();

    private static Id<Upload> UploadOf(ObjectKey key)
    {
        _ = Id<Upload>.TryRead($"{Upload.Prefix}_{key.Value.Split('/')[2]}", out var id);
        return id;
    }
}
