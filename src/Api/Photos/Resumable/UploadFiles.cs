using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Photos.Resumable;

/// <summary>Where the bytes of unfinished uploads are: <c>{studio}/uploads/{upload}/{offset}-{attempt}</c>.</summary>
internal static class UploadFiles
{
    public const string Folder = "uploads";

    public static ObjectKey Part(Id<Tenant> tenant, UploadPart part) => ObjectKey.Of(tenant.ToStored(), Folder, part.UploadId.ToStored(), part.Name);

    public static ObjectPrefix AllOf(Id<Tenant> tenant) => ObjectPrefix.Of(tenant.ToStored(), Folder);

    public static async Task DeleteAllAsync(IObjectStore store, Id<Tenant> tenant, Id<Upload> upload, CancellationToken cancellation)
    {
        // Listed first: some stores do not like deleting from under a listing.
        var keys = new List<ObjectKey>();
        await foreach (var file in store.ListAsync(ObjectPrefix.Of(tenant.ToStored(), Folder, upload.ToStored()), cancellation))
        {
            keys.Add(file.Key);
        }

        foreach (var key in keys)
        {
            await store.DeleteAsync(key, cancellation);
        }
    }

    /// <summary>
    /// Those of the keys that an upload of the current studio still needs. The others were left by a kill, or by a writer that
    /// lost its lock; an object younger than any request lasts may be a part whose row is about to be saved.
    /// </summary>
    public static async Task<HashSet<ObjectKey>> NeededAsync(ProofsheetDb db, Id<Tenant> tenant, IReadOnlyCollection<ObjectKey> keys, CancellationToken cancellation)
    {
        var uploads = keys.Select(UploadOf).Distinct().ToList();
        var parts = await db.Set<UploadPart>().AsNoTracking().Where(p => uploads.Contains(p.UploadId)).ToListAsync(cancellation);
        var needed = parts.Select(p => Part(tenant, p)).ToHashSet();
        needed.IntersectWith(keys);
        return needed;
    }

    public static Id<Upload> UploadOf(ObjectKey key)
    {
        _ = Id<Upload>.TryRead($"{Upload.Prefix}_{key.Value.Split('/')[2]}", out var id);
        return id;
    }
}
