using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.GalleryDownloads;

internal static class GetGalleryDownloadFile
{
    public static void MapGetGalleryDownloadFile(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/downloads/galleries/{downloadId}", HandleAsync)
            .WithName("GetGalleryDownloadFile")
            .WithTags("Downloads")
            .WithSummary("Download the file of a requested download")
            .WithDescription("Use the signed URL of the download; no credential is needed or read. One photo is sent as a file, several as an uncompressed ZIP that "
                + "is made while it is sent, with a known length. Range and If-Range resume either byte for byte. The gallery, its rules and the photos are checked "
                + "again at every request. Where the object store serves files itself, a single file is answered with a redirect to it.")
            .WithMetadata(new AnswersBinary([.. SniffedFormat.ContentTypes, "application/octet-stream", "application/zip"]) { MayBeElsewhere = true }, new NotRateLimited())
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone);
        routes.MapMethods("/downloads/galleries/{downloadId}", [HttpMethods.Head], HandleAsync).ExcludeFromDescription().WithMetadata(new NotRateLimited());
    }

    private static async Task<Results<FileAnswer, ProblemHttpResult>> HandleAsync(
        Id<GalleryDownload> downloadId, HttpContext http, ProofsheetDb db, OpenDownloads downloads, TenantContext tenant, DownloadTermsLookup lookup, VisitorArchives archives, ArchiveFiles files,
        StoredFiles single, TimeProvider clock, CancellationToken cancellation)
    {
        if (downloads.Check(http.Request) is { } refusal)
        {
            return refusal;
        }

        var download = await db.AcrossTenants<GalleryDownload>().SingleOrDefaultAsync(d => d.Id == downloadId && d.Status == PreparationStatus.Ready, cancellation);
        if (download is null)
        {
            return Problems.NotFound("download");
        }

        tenant.Set(download.TenantId);
        var now = clock.GetUtcNow();
        var terms = await lookup.FindAsync(download.GalleryId, download.VisitorId, cancellation);
        var archive = await archives.FindAsync(download, cancellation);
        if (download.ExpiresAt <= now || archive is null)
        {
            return OpenDownloads.Ended();
        }

        if (terms?.StillHold(download, now) != true || !await archives.AreShownAsync(download, archive, now, cancellation))
        {
            return Problems.Gone("download_closed", "The gallery, what may be downloaded from it, or one of the photos is not what it was. Ask for the download again.");
        }

        if (download.PhotoCount == 1)
        {
            return await SingleAsync(http, archive, single, cancellation);
        }

        var part = RequestedPart.Of(http.Request, archive.Archive.ETag, archive.Archive.ModifiedAt, archive.Archive.Layout.Length);
        return await files.FindMissingAsync(archive.Archive, part, cancellation) is { } missing
            ? OpenDownloads.Missing(archive.Archive.PathOf(missing))
            : files.Answer(archive.Archive, part, $"{terms.Gallery.Slug}.zip");
    }

    private static async Task<Results<FileAnswer, ProblemHttpResult>> SingleAsync(HttpContext http, VisitorArchive archive, StoredFiles single, CancellationToken cancellation)
    {
        var (file, name) = (archive.First, Path.GetFileName(archive.First.Path));
        var stored = new StoredFile(file.Key, file.Bytes, archive.Archive.ETag, file.ModifiedAt);
        var part = RequestedPart.Of(http.Request, stored.ETag, stored.ModifiedAt, stored.Bytes);
        return await single.IsThereAsync(stored, cancellation) ? single.Answer(http.Request, stored, part, ContentTypes.Of(name), name) : OpenDownloads.Missing(name);
    }
}
