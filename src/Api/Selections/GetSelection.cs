using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Selections;

internal static class GetSelection
{
    public static void MapGetSelection(this IEndpointRouteBuilder routes) => routes
        .MapGet("/selections/{selectionId}", HandleAsync)
        .WithName("GetSelection")
        .WithTags("Selections")
        .WithSummary("Get a selection")
        .WithDescription("The ETag is the selection's version, for If-Match; picks change it too.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesRead, Scopes.VisitorView);

    private static async Task<Results<Ok<PhotoSelectionResponse>, ProblemHttpResult>> HandleAsync(
        Id<Selection> selectionId, HttpContext http, Caller caller, ProofsheetDb db, CancellationToken cancellation)
    {
        var selection = await db.FindSelectionAsync(caller, selectionId, cancellation);
        if (selection is null)
        {
            return Problems.NotFound("selection");
        }

        ETags.Write(http, selection);
        return TypedResults.Ok(await db.ToResponseAsync(selection, caller, cancellation));
    }
}
