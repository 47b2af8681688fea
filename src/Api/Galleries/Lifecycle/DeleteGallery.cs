using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Galleries.Lifecycle;

internal static class DeleteGallery
{
    public static void MapDeleteGallery(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/galleries/{galleryId}", HandleAsync)
        .WithName("DeleteGallery")
        .WithTags("Galleries")
        .WithSummary("Delete a gallery")
        .WithDescription("Clients lose access at once. The gallery can be restored for 30 days; after that it is purged together with its photos. If it was ever "
            + "published, no other gallery can take its slug for a year.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, Caller caller, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var gallery = await db.FindGalleryAsync(caller, galleryId, cancellation);
        if (gallery is null)
        {
            return Problems.NotFound("gallery");
        }

        var now = clock.GetUtcNow();
        gallery.Delete(now);
        db.Publish(gallery.TenantId, new GalleryPurgeDue(gallery.Id), now, TimeSpan.FromDays(Gallery.DaysUntilPurged));
        await db.SaveChangesAsync(cancellation);

        return TypedResults.NoContent();
    }
}
