using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Exports;

internal static class GetExport
{
    public static void MapGetExport(this IEndpointRouteBuilder routes) => routes
        .MapGet("/exports/{exportId}", HandleAsync)
        .WithName("GetExport")
        .WithTags("Exports")
        .WithSummary("Get an export")
        .WithDescription("Returns the progress of the export, and its signed URL once it is ready.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.PhotosRead);

    private static async Task<Results<Ok<GalleryExportResponse>, ProblemHttpResult>> HandleAsync(
        Id<GalleryExport> exportId, HttpContext http, ProofsheetDb db, DownloadLinks links, TimeProvider clock, CancellationToken cancellation)
    {
        var export = await db.Set<GalleryExport>().AsNoTracking().SingleOrDefaultAsync(e => e.Id == exportId && db.Set<Gallery>().Any(g => g.Id == e.GalleryId), cancellation);
        if (export is null || export.ExpiresAt <= clock.GetUtcNow())
        {
            return Problems.NotFound("export");
        }

        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Ok(export.ToResponse(links, withUrl: true));
    }
}
