using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Lifecycle;

internal static class RestoreGallery
{
    public static void MapRestoreGallery(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/restore", HandleAsync)
        .WithName("RestoreGallery")
        .WithTags("Galleries")
        .WithSummary("Restore a deleted gallery")
        .WithDescription("Possible within 30 days of the deletion. The gallery returns to its former state. Restoring a gallery that is not deleted changes "
            + "nothing.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Ok<GalleryResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, HttpContext http, ProofsheetDb db, GalleryResponses responses, TimeProvider clock, CancellationToken cancellation)
    {
        var gallery = await db.Past<Gallery>(Gallery.DeletedFilter).SingleOrDefaultAsync(g => g.Id == galleryId && g.PurgedAt == null, cancellation);
        if (gallery is null || gallery.IsDueForPurgeAt(clock.GetUtcNow()))
        {
            return Problems.NotFound("gallery");
        }

        gallery.Restore();
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, gallery);
        return TypedResults.Ok(await responses.OfAsync(gallery, cancellation));
    }
}
