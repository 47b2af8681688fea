using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries;

internal static class ListGalleries
{
    public static void MapListGalleries(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries", HandleAsync)
        .WithName("ListGalleries")
        .WithTags("Galleries")
        .WithSummary("List the studio's galleries")
        .WithDescription("Newest first; of one status if one is named. With isDeleted=true: those that can be restored, instead of the others.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.GalleriesRead);

    private static async Task<Results<Ok<Page<GalleryResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Cursors cursors, GalleryResponses responses, TimeProvider clock, Choice<GalleryStatus>? status, bool? isDeleted, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (Limits.PageSize(limit) is not { } size)
        {
            return PageProblems.BadLimit();
        }

        var list = $"galleries:{status}:{isDeleted}";
        if (!cursors.TryRead(list, cursor, out var after))
        {
            return PageProblems.BadCursor();
        }

        var galleries = isDeleted == true
            ? db.Past<Gallery>(Gallery.DeletedFilter).Where(g => g.DeletedAt != null && g.PurgedAt == null)
            : db.Set<Gallery>();
        galleries = In(galleries, status?.Value, clock.GetUtcNow());
        if (after is not null)
        {
            var last = Id<Gallery>.FromStored(after);
            galleries = galleries.Where(g => g.Id < last);
        }

        var rows = await galleries.AsNoTracking().OrderByDescending(g => g.Id).Take(size + 1).ToListAsync(cancellation);
        var items = (await responses.OfAsync(rows, cancellation)).ToDictionary(g => g.Id);
        return TypedResults.Ok(Page<GalleryResponse>.From(rows, size, g => items[g.Id], g => cursors.Write(list, g.Id.ToStored())));
    }

    private static IQueryable<Gallery> In(IQueryable<Gallery> galleries, GalleryStatus? state, DateTimeOffset now) => state switch
    {
        GalleryStatus.Draft => galleries.Where(g => g.Stage == GalleryStage.Draft),
        GalleryStatus.Archived => galleries.Where(g => g.Stage == GalleryStage.Archived),
        GalleryStatus.Published => galleries.Where(g => g.Stage == GalleryStage.Published && (g.ExpiresAt == null || g.ExpiresAt > now)),
        GalleryStatus.Expired => galleries.Where(g => g.Stage == GalleryStage.Published && g.ExpiresAt <= now),
        _ => galleries,
    };
}
