using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Lifecycle;

internal static class UnpublishGallery
{
    public static void MapUnpublishGallery(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/unpublish", HandleAsync)
        .WithName("UnpublishGallery")
        .WithTags("Galleries")
        .WithSummary("Take a gallery back to draft")
        .WithDescription("Clients no longer find it, and their visits pause. Publishing it again lets them go on.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Ok<GalleryResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, HttpContext http, Caller caller, ProofsheetDb db, GalleryResponses responses, CancellationToken cancellation)
    {
        var gallery = await db.FindGalleryAsync(caller, galleryId, cancellation);
        if (gallery is null)
        {
            return Problems.NotFound("gallery");
        }

        gallery.Unpublish();
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, gallery);
        return TypedResults.Ok(await responses.OfAsync(gallery, cancellation));
    }
}
