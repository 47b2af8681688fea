using Microsoft.AspNetCore.StaticFiles;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Data;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.GalleryDownloads;

/// <param name="First">The file itself, where there is one only.</param>
internal sealed record VisitorArchive(Archive Archive, ArchiveFile First, IReadOnlySet<Id<Photo>> Photos)
{
    private long _shownAtTicks;

    public bool WereShown(DateTimeOffset now, TimeSpan ago) => now.UtcTicks - Interlocked.Read(ref _shownAtTicks) < ago.Ticks;

    public void AreShown(DateTimeOffset now) => Interlocked.Exchange(ref _shownAtTicks, now.UtcTicks);
}

/// <summary>The archives of visitors' downloads, and whether all their photos may still be seen.</summary>
internal sealed class VisitorArchives(ProofsheetDb db, ArchiveCache cache, ArchiveLists lists)
{
    private const int FewPhotos = 500;

    // Of a large archive every row of the gallery is looked at; what is fetched in thousands of parts does that once in a while.
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

    /// <summary>By the extension, which was made to fit the content.</summary>
    public static string Of(string fileName) => Known.TryGetContentType(fileName, out var type) && type.StartsWith("image/", StringComparison.Ordinal) ? type : "application/octet-stream";
}
