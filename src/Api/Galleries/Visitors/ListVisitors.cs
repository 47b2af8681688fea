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
        .WithSummary("List who opened a gallery")
        .WithDescription("Newest first. Names and addresses are what visitors gave, if they gave any.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesRead);

    private static async Task<Results<Ok<Page<VisitorResponse>>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, Caller caller, ProofsheetDb db, Cursors cursors, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (Limits.PageSize(limit) is not { } size)
        {
            return PageProblems.BadLimit();
        }

        var list = $"visitors:{galleryId}";
        if (!cursors.TryRead(list, cursor, out var after))
        {
            return PageProblems.BadCursor();
        }

        if (await db.FindGalleryAsync(caller, galleryId, cancellation) is null)
        {
            return Problems.NotFound("gallery");
        }

        var visitors = db.Set<Visitor>().AsNoTracking().Where(v => v.GalleryId == galleryId);
        if (after is not null)
        {
            var last = Id<Visitor>.FromStored(after);
            visitors = visitors.Where(v => v.Id < last);
        }

        var rows = await visitors.OrderByDescending(v => v.Id).Take(size + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Page<VisitorResponse>.From(rows, size, v => v.ToResponse(), v => cursors.Write(list, v.Id.ToStored())));
    }
}
