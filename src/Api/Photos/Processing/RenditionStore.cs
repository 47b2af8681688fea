using Proofsheet.Api.Imaging;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos.Processing;

/// <summary>Stores the files that were made of a photo.</summary>
internal sealed class RenditionStore(IObjectStore store, TenantContext tenant)
{
    private const int PutsAtOnce = 5;

    /// <param name="photo">The photo.</param>
    /// <param name="version">The rendition version, which is part of the files' keys.</param>
    /// <param name="files">Files in the folder.</param>
    /// <param name="folder">Where they were made.</param>
    /// <param name="cancellation">Cancels between files and within one.</param>
    public Task PutAsync(Id<Photo> photo, int version, IReadOnlyList<RenditionFile> files, DirectoryInfo folder, CancellationToken cancellation)
    {
        // Each put mostly waits for a disk flush or for the store to respond.
        var together = new ParallelOptions { MaxDegreeOfParallelism = PutsAtOnce, CancellationToken = cancellation };
        return Parallel.ForEachAsync(files, together, async (file, ending) =>
            await PutAsync(PhotoFiles.Clean(tenant.Current, photo, version, file.SizePixels, file.Format), file, folder, ending));
    }

    public Task PutMasterAsync(Id<Photo> photo, int version, RenditionFile master, DirectoryInfo folder, CancellationToken cancellation) =>
        PutAsync(PhotoFiles.Master(tenant.Current, photo, version), master, folder, cancellation);

    /// <summary>Deletes files that no row refers to. If the process dies before, the sweeper deletes them.</summary>
    public async Task DeleteAsync(Id<Photo> photo, int version, IReadOnlyList<RenditionFile> files)
    {
        foreach (var file in files)
        {
            await store.DeleteAsync(PhotoFiles.Clean(tenant.Current, photo, version, file.SizePixels, file.Format), CancellationToken.None);
        }
    }

    /// <summary>What a photo's row says about the files.</summary>
    public static List<StoredRendition> Stored(IEnumerable<RenditionFile> files) =>
        [.. files.GroupBy(r => (r.SizePixels, r.Width, r.Height)).Select(size =>
            new StoredRendition(size.Key.SizePixels, size.Key.Width, size.Key.Height) { Bytes = size.ToDictionary(r => r.Format, r => r.Bytes) })];

    private async Task PutAsync(ObjectKey key, RenditionFile file, DirectoryInfo folder, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(Path.Combine(folder.FullName, file.FileName));
        await store.PutAsync(key, content, cancellation: cancellation);
    }
}
