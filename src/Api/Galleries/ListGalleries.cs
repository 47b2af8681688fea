using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Galleries;

internal static class ListGalleries
{
    public static void MapListGalleries(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries", HandleAsync)
        .WithName("ListGalleries")
        .WithTags("Galleries")
        .WithSummary("List the studio's galleries")
        .WithDescription("Newest first, optionally of one status only. With isDeleted=true, lists the deleted galleries that can be restored instead.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.GalleriesRead);

    private static async Task<Results<Ok<Page<GalleryResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Paging paging, GalleryResponses responses, TimeProvider clock, Choice<GalleryStatus>? status, bool? isDeleted, [AsParameters] PageQuery page, CancellationToken cancellation)
    {
        var galleries = isDeleted == true
            ? db.Past<Gallery>(Gallery.DeletedFilter).Where(g => g.DeletedAt != null && g.PurgedAt == null)
            : db.Set<Gallery>();
        return await paging.NewestFirstAsync<Gallery, GalleryResponse>(
            page, $"galleries:{status}:{isDeleted}", In(galleries, status?.Value, clock.GetUtcNow()).AsNoTracking(), rows => responses.OfAsync(rows, cancellation), cancellation);
    }

    private static IQueryable<Gallery> In(IQueryable<Gallery> galleries, GalleryStatus? status, DateTimeOffset now) => status switch
    {
        GalleryStatus.Draft => galleries.Where(g => g.Stage == GalleryStage.Draft),
        GalleryStatus.Archived => galleries.Where(g => g.Stage == GalleryStage.Archived),
        GalleryStatus.Published => galleries.Where(g => g.Stage == GalleryStage.Published && (g.ExpiresAt == null || g.ExpiresAt > now)),
        GalleryStatus.Expired => galleries.Where(g => g.Stage == GalleryStage.Published && g.ExpiresAt <= now),
        _ => galleries,
    };
}
