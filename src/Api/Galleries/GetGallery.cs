using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries;

internal static class GetGallery
{
    public static void MapGetGallery(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}", HandleAsync)
        .WithName("GetGallery")
        .WithTags("Galleries")
        .WithSummary("Get a gallery")
        .WithDescription("Also returns a deleted gallery while it can be restored, with its deletedAt. The ETag is the gallery's version, for If-Match.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesRead);

    private static async Task<Results<Ok<GalleryResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, HttpContext http, ProofsheetDb db, GalleryResponses responses, CancellationToken cancellation)
    {
        var gallery = await db.Past<Gallery>(Gallery.DeletedFilter).AsNoTracking().SingleOrDefaultAsync(g => g.Id == galleryId && g.PurgedAt == null, cancellation);
        if (gallery is null)
        {
            return Problems.NotFound("gallery");
        }

        ETags.Write(http, gallery);
        return TypedResults.Ok(await responses.OfAsync(gallery, cancellation));
    }
}
