using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
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
        .WithDescription("Freezes the selection and notifies the studio, which can reopen it. Submitting it again changes nothing. A device that became the main "
            + "client by an invitation's link, which may have been forwarded, has to prove one of the client's email addresses first: the code is then "
            + "confirmation_required.")
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.VisitorSelect);

    private static Task<Results<Ok<PhotoSelectionResponse>, ProblemHttpResult>> HandleAsync(
        Id<Selection> selectionId, HttpContext http, Caller caller, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation) =>
        db.InTransactionAsync<Results<Ok<PhotoSelectionResponse>, ProblemHttpResult>>(
            async () =>
            {
                var now = clock.GetUtcNow();
                // Picks, merges and a second submit wait here, or came before.
                await db.LockAsync(db.SelectionsFor(caller).Where(s => s.Id == selectionId), cancellation);
                var selection = await db.FindSelectionAsync(caller, selectionId, cancellation);
                if (selection is null)
                {
                    return Problems.NotFound("selection");
                }

                if (selection.Status != SelectionStatus.Submitted && await SubmitAsync(db, caller, selection, now, cancellation) is { } refused)
                {
                    return refused;
                }

                ETags.Write(http, selection);
                return TypedResults.Ok(await db.ToResponseAsync(selection, caller, cancellation));
            },
            cancellation);

    private static async Task<ProblemHttpResult?> SubmitAsync(ProofsheetDb db, Caller caller, Selection selection, DateTimeOffset now, CancellationToken cancellation)
    {
        var gallery = await db.Set<Gallery>().AsNoTracking().SingleAsync(g => g.Id == selection.GalleryId, cancellation);
        if (SelectionRules.RefuseChange(selection, gallery, now) is { } refused)
        {
            return refused;
        }

        var count = await db.Set<Pick>().CountAsync(p => p.SelectionId == selection.Id, cancellation);
        if (count == 0)
        {
            return Problems.Rule("selection_empty", "Nothing is picked yet.");
        }

        if (await db.RefuseUnconfirmedAsync(caller, cancellation) is { } unconfirmed)
        {
            return unconfirmed;
        }

        selection.Submit(now);
        db.Publish(selection.TenantId, new SelectionSubmitted(selection.Id, selection.GalleryId, selection.VisitorId, count), now);
        await db.SaveChangesAsync(cancellation);
        return null;
    }
}
