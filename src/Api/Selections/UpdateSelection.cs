using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Selections;

internal sealed record UpdateSelectionRequest
{
    [OneLine, Required, StringLength(100)]
    public required string Name { get; init; }

    /// <summary>Anything the photographer should know.</summary>
    [StringLength(2000)]
    public required string? Note { get; init; }
}

internal static class UpdateSelection
{
    public static void MapUpdateSelection(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/selections/{selectionId}", HandleAsync)
        .WithName("UpdateSelection")
        .WithTags("Selections")
        .WithSummary("Change a selection's name or note")
        .WithDescription("A JSON merge patch by the selection's visitor. Not possible after the selection is submitted.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .TakesIfMatch()
        .RequireScope(Scopes.VisitorSelect);

    private static async Task<Results<Ok<PhotoSelectionResponse>, ProblemHttpResult>> HandleAsync(
        Id<Selection> selectionId, MergePatch<UpdateSelectionRequest> patch, HttpContext http, Caller caller, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var selection = await db.FindSelectionAsync(caller, selectionId, cancellation);
        if (selection is null)
        {
            return Problems.NotFound("selection");
        }

        if (!ETags.IfMatch(http, selection))
        {
            return Problems.PreconditionFailed();
        }

        var gallery = await db.Set<Gallery>().AsNoTracking().SingleAsync(g => g.Id == selection.GalleryId, cancellation);
        if (SelectionRules.RefuseChange(selection, gallery, clock.GetUtcNow()) is { } refused)
        {
            return refused;
        }

        var wanted = patch.ApplyTo(new UpdateSelectionRequest { Name = selection.Name, Note = selection.Note });
        (selection.Name, selection.Note) = (wanted.Name.Trim(), wanted.Note);
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, selection);
        return TypedResults.Ok(await db.ToResponseAsync(selection, caller, cancellation));
    }
}
