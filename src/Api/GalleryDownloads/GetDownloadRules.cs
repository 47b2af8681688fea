using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.GalleryDownloads;

internal static class GetDownloadRules
{
    public static void MapGetDownloadRules(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}/download-rules", HandleAsync)
        .WithName("GetDownloadRules")
        .WithTags("Downloads")
        .WithSummary("Get a gallery's download rules")
        .WithDescription("What visitors may download free of charge; bought files are not affected. A new gallery allows nothing.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesRead);

    private static async Task<Results<Ok<DownloadRulesResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, HttpContext http, Caller caller, ProofsheetDb db, CancellationToken cancellation)
    {
        if (await db.FindGalleryAsync(caller, galleryId, cancellation) is null)
        {
            return Problems.NotFound("gallery");
        }

        var rules = await db.DownloadRulesAsync(galleryId, cancellation);
        ETags.Write(http, rules);
        return TypedResults.Ok(await db.ToResponseAsync(rules, cancellation));
    }
}
