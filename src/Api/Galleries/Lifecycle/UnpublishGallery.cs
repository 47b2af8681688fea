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
        .WithSummary("Unpublish a gallery")
        .WithDescription("Turns the gallery back into a draft. Clients can no longer find it, and their visits are suspended until it is published again.")
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
