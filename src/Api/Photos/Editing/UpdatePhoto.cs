using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Photos.Editing;

internal sealed record UpdatePhotoRequest
{
    [OneLine, StringLength(300)]
    public required string? Title { get; init; }

    [StringLength(2000)]
    public required string? Caption { get; init; }

    /// <summary>A description of the picture for people who cannot see it.</summary>
    [StringLength(500)]
    public required string? AltText { get; init; }

    /// <summary>Whether the photo is hidden. Hidden photos do not exist for visitors.</summary>
    public required bool IsHidden { get; init; }

    /// <summary>A section of the photo's gallery. Null removes the photo from its section.</summary>
    public required Id<Section>? SectionId { get; init; }

    /// <summary>The studio's own data about the photo. A null value removes a key.</summary>
    [Metadata]
    public required IReadOnlyDictionary<string, string?> Metadata { get; init; }
}

internal static class UpdatePhoto
{
    public static void MapUpdatePhoto(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/photos/{photoId}", HandleAsync)
        .WithName("UpdatePhoto")
        .WithTags("Photos")
        .WithSummary("Change a photo")
        .WithDescription("A JSON merge patch for the photo's texts, visibility and section. The original is not changed.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .TakesIfMatch()
        .RequireScope(Scopes.PhotosWrite);

    private static async Task<Results<Ok<PhotoResponse>, ProblemHttpResult>> HandleAsync(
        Id<Photo> photoId, MergePatch<UpdatePhotoRequest> patch, HttpContext http, ProofsheetDb db, PhotoMapper answers, CancellationToken cancellation)
    {
        var photo = await db.StudioPhotos().SingleOrDefaultAsync(p => p.Id == photoId && p.DeletedAt == null, cancellation);
        if (photo is null)
        {
            return Problems.NotFound("photo");
        }

        if (!ETags.IfMatch(http, photo))
        {
            return Problems.PreconditionFailed();
        }

        var wanted = patch.ApplyTo(new UpdatePhotoRequest
        {
            Title = photo.Title,
            Caption = photo.Caption,
            AltText = photo.AltText,
            IsHidden = photo.IsHidden,
            SectionId = photo.SectionId,
            Metadata = Metadata.Present(photo.Metadata),
        });
        if (wanted.SectionId is { } section && !await db.Set<Section>().AnyAsync(s => s.Id == section && s.GalleryId == photo.GalleryId, cancellation))
        {
            return Problems.NotFound("section");
        }

        (photo.Title, photo.Caption, photo.AltText) = (Text(wanted.Title), Text(wanted.Caption), Text(wanted.AltText));
        (photo.IsHidden, photo.SectionId, photo.Metadata) = (wanted.IsHidden, wanted.SectionId, Metadata.Kept(wanted.Metadata));
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, photo);
        return TypedResults.Ok(await answers.OneAsync(photo, cancellation));
    }

    private static string? Text(string? given) => string.IsNullOrWhiteSpace(given) ? null : given.Trim();
}
