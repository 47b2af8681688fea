using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Selections;

internal static class ReopenSelection
{
    public static void MapReopenSelection(this IEndpointRouteBuilder routes) => routes
        .MapPost("/selections/{selectionId}/reopen", (Id<Selection> selectionId, HttpContext http, Caller caller, ProofsheetDb db, CancellationToken cancellation) =>
            LockSelection.ChangeAsync(selectionId, s => s.Reopen(), http, caller, db, cancellation))
        .WithName("ReopenSelection")
        .WithTags("Selections")
        .WithSummary("Reopen a selection")
        .WithDescription("By the studio. The visitor can then change the selection and submit it again.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesWrite);
}
