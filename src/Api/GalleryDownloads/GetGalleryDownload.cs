using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.GalleryDownloads;

internal static class GetGalleryDownload
{
    public static void MapGetGalleryDownload(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}/downloads/{downloadId}", HandleAsync)
        .WithName("GetGalleryDownload")
        .WithTags("Downloads")
        .WithSummary("Get a requested download")
        .WithDescription("Returns the progress of the download, and its URL once it is ready.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.VisitorDownload);

    private static async Task<Results<Ok<GalleryDownloadResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, Id<GalleryDownload> downloadId, HttpContext http, Caller caller, ProofsheetDb db, DownloadLinks links, TimeProvider clock, CancellationToken cancellation)
    {
        _ = Id<Visitor>.TryRead(caller.VisitorId, out var visitor);
        var download = caller.Reaches(galleryId)
            ? await db.Set<GalleryDownload>().AsNoTracking().SingleOrDefaultAsync(d => d.Id == downloadId && d.GalleryId == galleryId && d.VisitorId == visitor, cancellation)
            : null;
        if (download is null || download.ExpiresAt <= clock.GetUtcNow())
        {
            return Problems.NotFound("download");
        }

        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Ok(download.ToResponse(links));
    }
}
