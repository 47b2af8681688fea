using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Photos.Processing;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos.Editing;

internal static class RestorePhoto
{
    public static void MapRestorePhoto(this IEndpointRouteBuilder routes) => routes
        .MapPost("/photos/{photoId}/restore", HandleAsync)
        .WithName("RestorePhoto")
        .WithTags("Photos")
        .WithSummary("Restore a deleted photo")
        .WithDescription("Possible within 30 days of the deletion. The photo returns to its former position. It cannot be restored if the same picture was uploaded "
            + "again in the meantime.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.PhotosWrite);

    private static async Task<Results<Ok<PhotoResponse>, ProblemHttpResult>> HandleAsync(
        Id<Photo> photoId, HttpContext http, ProofsheetDb db, TenantContext tenant, PhotoMapper answers, IOptions<Plans> plans, TimeProvider clock, CancellationToken cancellation)
    {
        var gallery = await db.StudioPhotos().Where(p => p.Id == photoId).Select(p => (Id<Gallery>?)p.GalleryId).SingleOrDefaultAsync(cancellation);
        if (gallery is not { } galleryId)
        {
            return Problems.NotFound("photo");
        }

        var (photo, refusal) = await db.InTransactionAsync(() => RestoreAsync(photoId, galleryId, db, tenant, plans.Value, clock.GetUtcNow(), cancellation), cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        ETags.Write(http, photo!);
        return TypedResults.Ok(await answers.OneAsync(photo!, cancellation));
    }

    private static async Task<(Photo? Photo, ProblemHttpResult? Refusal)> RestoreAsync(
        Id<Photo> photoId, Id<Gallery> galleryId, ProofsheetDb db, TenantContext tenant, Plans plans, DateTimeOffset now, CancellationToken cancellation)
    {
        await GalleryLock.TakeAsync(db, galleryId, cancellation);
        var photo = await db.Set<Photo>().SingleOrDefaultAsync(p => p.Id == photoId && p.PurgedAt == null, cancellation);
        if (photo is null)
        {
            return (null, Problems.NotFound("photo"));
        }

        if (photo.IsLive)
        {
            return (photo, null);
        }

        if (await db.Set<Photo>().AnyAsync(p => p.GalleryId == galleryId && p.LiveSha256 == photo.CurrentVersion.Sha256, cancellation))
        {
            return (null, Problems.Conflict("duplicate_photo", "The same picture has been uploaded to this gallery again."));
        }

        var plan = plans.Of(await db.Set<Studio>().AsNoTracking().SingleAsync(cancellation));
        if (await db.Set<Photo>().CountAsync(p => p.GalleryId == galleryId && p.LiveSha256 != null, cancellation) >= plan.MaxPhotosPerGallery)
        {
            return (null, Problems.Rule("plan_photo_limit", $"A gallery holds at most {plan.MaxPhotosPerGallery} photos in this plan."));
        }

        photo.Restore(now);
        if (photo.SectionId is { } section && !await db.Set<Section>().AnyAsync(s => s.Id == section, cancellation))
        {
            photo.SectionId = null;
        }

        if (photo.Status == PhotoStatus.Processing)
        {
            // Processing was skipped while the photo was deleted.
            db.Publish(tenant.Current, new PhotoProcessingAsked { PhotoId = photo.Id }, now);
        }

        await db.SaveChangesAsync(cancellation);
        return (photo, null);
    }
}
