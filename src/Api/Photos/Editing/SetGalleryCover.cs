using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Photos.Editing;

internal sealed record SetGalleryCoverRequest
{
    /// <summary>A photo of this gallery.</summary>
    public required Id<Photo> PhotoId { get; init; }

    /// <summary>What stays in sight when the cover is cropped: 0 is the left edge, 1 the right.</summary>
    [Range(0.0, 1.0)]
    public double FocalX { get; init; } = 0.5;

    /// <summary>0 is the top edge, 1 the bottom.</summary>
    [Range(0.0, 1.0)]
    public double FocalY { get; init; } = 0.5;
}

internal static class SetGalleryCover
{
    public static void MapSetGalleryCover(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/galleries/{galleryId}/cover", HandleAsync)
            .WithName("SetGalleryCover")
            .WithTags("Galleries")
            .WithSummary("Choose a gallery's cover")
            .WithDescription("While that photo is hidden, deleted or not ready, the gallery shows no cover.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.GalleriesWrite);
        routes.MapDelete("/galleries/{galleryId}/cover", RemoveAsync)
            .WithName("RemoveGalleryCover")
            .WithTags("Galleries")
            .WithSummary("Take a gallery's cover away")
            .WithDescription("The photo itself stays.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.GalleriesWrite);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, SetGalleryCoverRequest request, ProofsheetDb db, CancellationToken cancellation)
    {
        var gallery = await db.Set<Gallery>().SingleOrDefaultAsync(g => g.Id == galleryId, cancellation);
        if (gallery is null)
        {
            return Problems.NotFound("gallery");
        }

        if (!await db.Set<Photo>().AnyAsync(p => p.Id == request.PhotoId && p.GalleryId == galleryId && p.DeletedAt == null, cancellation))
        {
            return Problems.NotFound("photo in this gallery");
        }

        gallery.SetCover(request.PhotoId.ToString(), request.FocalX, request.FocalY);
        await db.SaveChangesAsync(cancellation);

        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Id<Gallery> galleryId, ProofsheetDb db, CancellationToken cancellation)
    {
        var gallery = await db.Set<Gallery>().SingleOrDefaultAsync(g => g.Id == galleryId, cancellation);
        if (gallery is null)
        {
            return Problems.NotFound("gallery");
        }

        gallery.RemoveCover();
        await db.SaveChangesAsync(cancellation);

        return TypedResults.NoContent();
    }
}
