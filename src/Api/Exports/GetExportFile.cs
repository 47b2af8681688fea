using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.GalleryDownloads;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Exports;

internal static class GetExportFile
{
    public static void MapGetExportFile(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/downloads/exports/{exportId}.zip", HandleAsync)
            .WithName("GetExportFile")
            .WithTags("Exports")
            .WithSummary("Download an export")
            .WithDescription("Use the signed URL of the export; no credential is needed or read. Returns an uncompressed ZIP that is made while it is sent, with a "
                + "known length. Range and If-Range resume it byte for byte.")
            .WithMetadata(new AnswersBinary("application/zip"), new NotRateLimited())
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone);
        routes.MapMethods("/downloads/exports/{exportId}.zip", [HttpMethods.Head], HandleAsync).ExcludeFromDescription().WithMetadata(new NotRateLimited());
    }

    private static async Task<Results<FileAnswer, ProblemHttpResult>> HandleAsync(
        Id<GalleryExport> exportId, HttpContext http, ProofsheetDb db, OpenDownloads downloads, TenantContext tenant, ArchiveCache cache, ArchiveLists lists, ArchiveFiles files, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (downloads.Check(http.Request) is { } refusal)
        {
            return refusal;
        }

        var export = await db.AcrossTenants<GalleryExport>().SingleOrDefaultAsync(e => e.Id == exportId && e.Status == PreparationStatus.Ready, cancellation);
        if (export is null)
        {
            return Problems.NotFound("export");
        }

        tenant.Set(export.TenantId);
        // A deleted gallery's exports cannot be downloaded, unless it is restored.
        var slug = await db.Set<Gallery>().Where(g => g.Id == export.GalleryId).Select(g => g.Slug).SingleOrDefaultAsync(cancellation);
        var archive = await cache.GetAsync(
            export.Id.ToString(),
            async () => await lists.ReadAsync(export.TenantId, export.Id.ToStored(), cancellation) is { } listed ? new Archive([.. listed.Select(f => f.File)]) : null,
            a => a.MemoryBytes);
        if (slug is null || archive is null || export.ExpiresAt <= clock.GetUtcNow())
        {
            return OpenDownloads.Ended();
        }

        var part = RequestedPart.Of(http.Request, archive.ETag, archive.ModifiedAt, archive.Layout.Length);
        return await files.FindMissingAsync(archive, part, cancellation) is { } missing
            ? OpenDownloads.Missing(archive.PathOf(missing))
            : files.Answer(archive, part, $"{slug}-export.zip");
    }
}
