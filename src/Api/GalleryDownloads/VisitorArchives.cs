using Microsoft.AspNetCore.StaticFiles;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Data;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.GalleryDownloads;

/// <param name="First">The file itself, if there is only one.</param>
internal sealed record VisitorArchive(Archive Archive, ArchiveFile First, IReadOnlySet<Id<Photo>> Photos)
{
    private long _shownAtTicks;

    public bool WereShown(DateTimeOffset now, TimeSpan ago) => now.UtcTicks - Interlocked.Read(ref _shownAtTicks) < ago.Ticks;

    public void AreShown(DateTimeOffset now) => Interlocked.Exchange(ref _shownAtTicks, now.UtcTicks);
}

/// <summary>The archives of visitors' downloads, and whether all their photos are still shown.</summary>
internal sealed class VisitorArchives(ProofsheetDb db, ArchiveCache cache, ArchiveLists lists)
{
    private const int FewPhotos = 500;

    // Checking a large archive reads every hidden photo of the gallery, so a download in thousands of parts is checked only once in a while.
    private static readonly TimeSpan LookLasts = TimeSpan.FromSeconds(10);

    public ValueTask<VisitorArchive?> FindAsync(GalleryDownload download, CancellationToken cancellation) => cache.GetAsync(download.Id.ToString(), async () =>
        await lists.ReadAsync(download.TenantId, download.Id.ToStored(), cancellation) is not { Count: > 0 } files
            ? null
            : new VisitorArchive(new Archive([.. files.Select(f => f.File)]), files[0].File, files.Select(f => f.Photo!.Value).ToHashSet()), a => a.Archive.MemoryBytes + (64L * a.Photos.Count));

    public async Task<bool> AreShownAsync(GalleryDownload download, VisitorArchive archive, DateTimeOffset now, CancellationToken cancellation)
    {
        var photos = db.Set<Photo>().AsNoTracking();
        if (archive.Photos.Count <= FewPhotos)
        {
            var ids = archive.Photos.ToList();
            return await photos.CountAsync(p => ids.Contains(p.Id) && p.Status == PhotoStatus.Ready && !p.IsHidden && p.DeletedAt == null, cancellation) == ids.Count;
        }

        if (archive.WereShown(now, LookLasts))
        {
            return true;
        }

        var hidden = await photos.Where(p => p.GalleryId == download.GalleryId && (p.IsHidden || p.DeletedAt != null || p.Status != PhotoStatus.Ready)).Select(p => p.Id).ToListAsync(cancellation);
        if (hidden.Exists(archive.Photos.Contains))
        {
            return false;
        }

        archive.AreShown(now);
        return true;
    }
}

internal static class ContentTypes
{
    private static readonly FileExtensionContentTypeProvider Known = new() { Mappings = { [".avif"] = "image/avif", [".heic"] = "image/heic", [".heif"] = "image/heif" } };

    /// <summary>Based on the extension, which was chosen to match the content.</summary>
    public static string Of(string fileName) => Known.TryGetContentType(fileName, out var type) && type.StartsWith("image/", StringComparison.Ordinal) ? type : "application/octet-stream";
}
