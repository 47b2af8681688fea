using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Selections;

/// <summary>A visitor has submitted a selection.</summary>
internal sealed record SelectionSubmitted(Id<Selection> SelectionId, Id<Gallery> GalleryId, Id<Visitor> VisitorId, int Count) : IOutboxEvent
{
    public static string EventName => "selections.submitted";
}

internal static class SubmitSelection
{
    public static void MapSubmitSelection(this IEndpointRouteBuilder routes) => routes
        .MapPost("/selections/{selectionId}/submit", HandleAsync)
        .WithName("SubmitSelection")
        .WithTags("Selections")
        .WithSummary("Submit a selection")
        .WithDescription("Freezes the selection and notifies the studio, which can reopen it. Submitting it again changes nothing.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.VisitorSelect);

    private static async Task<Results<Ok<PhotoSelectionResponse>, ProblemHttpResult>> HandleAsync(
        Id<Selection> selectionId, HttpContext http, Caller caller, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var selection = await db.FindSelectionAsync(caller, selectionId, cancellation);
        if (selection is null)
        {
            return Problems.NotFound("selection");
        }

        if (selection.Status != SelectionStatus.Submitted)
        {
            var gallery = await db.Set<Gallery>().AsNoTracking().SingleAsync(g => g.Id == selection.GalleryId, cancellation);
            if (SelectionRules.RefuseChange(selection, gallery, now) is { } refused)
            {
                return refused;
            }

            var count = await db.Set<Pick>().CountAsync(p => p.SelectionId == selectionId, cancellation);
            if (count == 0)
            {
                return Problems.Rule("selection_empty", "Nothing is picked yet.");
            }

            // A concurrent pick raises the version, so that this save is refused and the pick is not lost.
            selection.Submit(now);
            db.Publish(selection.TenantId, new SelectionSubmitted(selection.Id, selection.GalleryId, selection.VisitorId, count), now);
            await db.SaveChangesAsync(cancellation);
        }

        ETags.Write(http, selection);
        return TypedResults.Ok(await db.ToResponseAsync(selection, cancellation));
    }
}
