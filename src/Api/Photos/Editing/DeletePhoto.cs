using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Photos.Processing;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos.Editing;

internal static class DeletePhoto
{
    public static void MapDeletePhoto(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/photos/{photoId}", HandleAsync)
        .WithName("DeletePhoto")
        .WithTags("Photos")
        .WithSummary("Delete a photo")
        .WithDescription("Visitors stop seeing the photo at once. It can be restored for 30 days; after that its files are permanently deleted.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.PhotosWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<Photo> photoId, ProofsheetDb db, TenantContext tenant, TimeProvider clock, CancellationToken cancellation)
    {
        var photo = await db.StudioPhotos().SingleOrDefaultAsync(p => p.Id == photoId, cancellation);
        if (photo is null)
        {
            return Problems.NotFound("photo");
        }

        if (photo.IsLive)
        {
            var now = clock.GetUtcNow();
            photo.Delete(now);
            db.Publish(tenant.Current, new PhotoPurgeDue { PhotoId = photo.Id, DeletedAt = now }, now, Photo.DeletedFor);
            await db.SaveChangesAsync(cancellation);
        }

        return TypedResults.NoContent();
    }
}
