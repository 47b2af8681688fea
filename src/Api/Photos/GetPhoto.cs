using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Photos;

internal static class GetPhoto
{
    public static void MapGetPhoto(this IEndpointRouteBuilder routes) => routes
        .MapGet("/photos/{photoId}", HandleAsync)
        .WithName("GetPhoto")
        .WithTags("Photos")
        .WithSummary("Get a photo")
        .WithDescription("The studio gets any of its photos, including deleted ones, and with `include=gps` also where it was taken. A visitor gets only photos that "
            + "its gallery shows.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.PhotosRead, Scopes.VisitorView);

    private static async Task<Results<Ok<PhotoResponse>, ProblemHttpResult>> HandleAsync(
        Id<Photo> photoId, string? include, HttpContext http, ProofsheetDb db, Caller caller, PhotoMapper answers, CancellationToken cancellation)
    {
        if (PhotoInclude.Read(include) is not { } withGps)
        {
            return PhotoInclude.Unknown();
        }

        var photo = await db.PhotosFor(caller).AsNoTracking().SingleOrDefaultAsync(p => p.Id == photoId, cancellation);
        if (photo is null)
        {
            return Problems.NotFound("photo");
        }

        ETags.Write(http, photo);
        return TypedResults.Ok(await answers.OneAsync(photo, cancellation, withGps));
    }
}

internal static class PhotoInclude
{
    public static bool? Read(string? include) => include switch
    {
        null => false,
        "gps" => true,
        _ => null,
    };

    public static ProblemHttpResult Unknown() =>
        Problems.Invalid(new Dictionary<string, string[]> { ["include"] = ["Only `gps` can be included."] });
}
