using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Lifecycle;

internal static class ArchiveGallery
{
    public static void MapArchiveGallery(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/archive", HandleAsync)
        .WithName("ArchiveGallery")
        .WithTags("Galleries")
        .WithSummary("Archive a gallery")
        .WithDescription("Clients can no longer find the gallery; its content is kept. Publish it to bring it back.")
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

        gallery.Archive();
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, gallery);
        return TypedResults.Ok(await responses.OfAsync(gallery, cancellation));
    }
}
