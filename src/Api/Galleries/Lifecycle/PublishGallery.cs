using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Galleries.Lifecycle;

/// <summary>Clients can open the gallery from now on.</summary>
internal sealed record GalleryPublished(Id<Gallery> GalleryId) : IOutboxEvent
{
    public static string EventName => "galleries.published";
}

internal static class PublishGallery
{
    public static void MapPublishGallery(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/publish", HandleAsync)
        .WithName("PublishGallery")
        .WithTags("Galleries")
        .WithSummary("Publish a gallery")
        .WithDescription("From now on clients can open the gallery at its URL. Publishing a published gallery changes nothing.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Ok<GalleryResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, HttpContext http, Caller caller, ProofsheetDb db, GalleryResponses responses, TimeProvider clock, CancellationToken cancellation)
    {
        var gallery = await db.FindGalleryAsync(caller, galleryId, cancellation);
        if (gallery is null)
        {
            return Problems.NotFound("gallery");
        }

        var now = clock.GetUtcNow();
        if (gallery.HasExpiredAt(now))
        {
            return Problems.Conflict("expiry_passed", "The gallery's expiry lies in the past. Set a later `expiresAt` with `UpdateGallery`, or null, and publish again.");
        }

        if (gallery.Publish(now))
        {
            db.Publish(gallery.TenantId, new GalleryPublished(gallery.Id), now);
            db.PublishExpiryNear(gallery, now);
        }

        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, gallery);
        return TypedResults.Ok(await responses.OfAsync(gallery, cancellation));
    }
}
