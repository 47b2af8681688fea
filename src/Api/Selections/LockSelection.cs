using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Selections;

internal static class LockSelection
{
    public static void MapLockSelection(this IEndpointRouteBuilder routes) => routes
        .MapPost("/selections/{selectionId}/lock", (Id<Selection> selectionId, HttpContext http, Caller caller, ProofsheetDb db, CancellationToken cancellation) =>
            ChangeAsync(selectionId, s => s.Lock(), http, caller, db, cancellation))
        .WithName("LockSelection")
        .WithTags("Selections")
        .WithSummary("Lock a selection")
        .WithDescription("The studio can lock a selection whether it is submitted or not. The visitor can then no longer change it.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesWrite);

    /// <summary>Shared by locking and reopening.</summary>
    public static async Task<Results<Ok<PhotoSelectionResponse>, ProblemHttpResult>> ChangeAsync(
        Id<Selection> selectionId, Action<Selection> change, HttpContext http, Caller caller, ProofsheetDb db, CancellationToken cancellation)
    {
        var selection = await db.FindSelectionAsync(caller, selectionId, cancellation);
        if (selection is null)
        {
            return Problems.NotFound("selection");
        }

        change(selection);
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, selection);
        return TypedResults.Ok(await db.ToResponseAsync(selection, caller, cancellation));
    }
}
