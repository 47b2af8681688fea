using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Selections;

internal static class ListSelections
{
    public static void MapListSelections(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}/selections", HandleAsync)
        .WithName("ListSelections")
        .WithTags("Selections")
        .WithSummary("List a gallery's selections")
        .WithDescription("Newest first. The studio sees all selections, a visitor only their own.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesRead, Scopes.VisitorView);

    private static async Task<Results<Ok<Page<PhotoSelectionResponse>>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, Caller caller, ProofsheetDb db, Paging paging, Choice<SelectionStatus>? status, [AsParameters] PageQuery page, CancellationToken cancellation)
    {
        if (await db.FindGalleryAsync(caller, galleryId, cancellation) is null)
        {
            return Problems.NotFound("gallery");
        }

        var selections = db.SelectionsFor(caller).AsNoTracking().Where(s => s.GalleryId == galleryId);
        if (status is { Value: var wanted })
        {
            selections = selections.Where(s => s.Status == wanted);
        }

        return await paging.NewestFirstAsync(page, $"selections:{galleryId}:{caller.VisitorId}:{status}", selections, rows => db.ToResponsesAsync(rows, caller, cancellation), cancellation);
    }
}
