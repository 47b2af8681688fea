using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Visitors;

internal static class ListVisitors
{
    public static void MapListVisitors(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}/visitors", HandleAsync)
        .WithName("ListVisitors")
        .WithTags("Visitors")
        .WithSummary("List a gallery's visitors")
        .WithDescription("Newest first, without those that were merged into another. Names and email addresses are those that visitors gave, if any.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesRead);

    private static async Task<Results<Ok<Page<VisitorResponse>>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, Caller caller, ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation)
    {
        if (await db.FindGalleryAsync(caller, galleryId, cancellation) is null)
        {
            return Problems.NotFound("gallery");
        }

        return await paging.NewestFirstAsync(page, $"visitors:{galleryId}", db.Set<Visitor>().AsNoTracking().Where(v => v.GalleryId == galleryId && v.MergedInto == null), v => v.ToResponse(), cancellation);
    }
}
