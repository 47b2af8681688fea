using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Photos.Processing;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos.Editing;

internal static class RetryPhoto
{
    public static void MapRetryPhoto(this IEndpointRouteBuilder routes) => routes
        .MapPost("/photos/{photoId}/retry", HandleAsync)
        .WithName("RetryPhoto")
        .WithTags("Photos")
        .WithSummary("Process a failed photo again")
        .WithDescription("Processes the stored original again, for example after a fault on our side or once the server supports the file's format. Returns at once, "
            + "with the photo in status processing.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .RequireScope(Scopes.PhotosWrite);

    private static async Task<Results<Ok<PhotoResponse>, ProblemHttpResult>> HandleAsync(
        Id<Photo> photoId, HttpContext http, ProofsheetDb db, TenantContext tenant, PhotoMapper answers, TimeProvider clock, CancellationToken cancellation)
    {
        var photo = await db.StudioPhotos().SingleOrDefaultAsync(p => p.Id == photoId && p.DeletedAt == null, cancellation);
        if (photo is null)
        {
            return Problems.NotFound("photo");
        }

        if (photo.Status != PhotoStatus.Failed)
        {
            return Problems.Conflict("photo_not_failed", "Only a photo whose processing failed can be processed again.");
        }

        db.AskProcessing(tenant.Current, photo, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, photo);
        return TypedResults.Ok(await answers.OneAsync(photo, cancellation));
    }
}
