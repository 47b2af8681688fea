using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Selections;

internal static class UnpickPhoto
{
    public static void MapUnpickPhoto(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/selections/{selectionId}/picks/{photoId}", HandleAsync)
        .WithName("UnpickPhoto")
        .WithTags("Selections")
        .WithSummary("Remove a photo from a selection")
        .WithDescription("If the photo is not picked, nothing changes.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .RequireScope(Scopes.VisitorSelect);

    private static async Task<Results<Ok<PhotoSelectionResponse>, ProblemHttpResult>> HandleAsync(
        Id<Selection> selectionId, Id<Photo> photoId, HttpContext http, Caller caller, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var (selection, _, refused) = await PickChanges.FindAsync(db, caller, selectionId, now, cancellation);
        if (selection is null)
        {
            return refused!;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (!await PickChanges.TakeAsync(db, selectionId, now, cancellation))
        {
            return SelectionRules.NotOpen();
        }

        if (await db.Set<Pick>().SingleOrDefaultAsync(p => p.SelectionId == selectionId && p.PhotoId == photoId, cancellation) is { } picked)
        {
            db.Remove(picked);
            await db.SaveChangesAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return await PickChanges.AnswerAsync(http, caller, db, selectionId, cancellation);
    }
}
