using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Selections;

internal sealed record CreateSelectionRequest
{
    [OneLine, Required, StringLength(100)]
    public required string Name { get; init; }
}

internal static class CreateSelection
{
    public static void MapCreateSelection(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/selections", HandleAsync)
        .WithName("CreateSelection")
        .WithTags("Selections")
        .WithSummary("Create a selection")
        .WithDescription("Creates a selection of the visitor's own. A visitor can have at most 20 in a gallery.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.VisitorSelect);

    private static async Task<Results<Created<PhotoSelectionResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, CreateSelectionRequest request, HttpContext http, Caller caller, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var gallery = await db.FindGalleryAsync(caller, galleryId, cancellation);
        if (gallery is null || !Id<Visitor>.TryRead(caller.VisitorId, out var visitor))
        {
            return Problems.NotFound("gallery");
        }

        if (!gallery.AllowsPicksAt(now))
        {
            return SelectionRules.ProofingClosed();
        }

        return await db.InTransactionAsync<Results<Created<PhotoSelectionResponse>, ProblemHttpResult>>(
            async () =>
            {
                // Locks the visitor's row: concurrent requests wait here, so that the count below is correct.
                await db.Set<Visitor>().Where(v => v.Id == visitor).ExecuteUpdateAsync(set => set.SetProperty(v => v.LastSeenAt, now), cancellation);
                if (await db.Set<Selection>().CountAsync(s => s.VisitorId == visitor, cancellation) >= Selection.MaxPerVisitor)
                {
                    return Problems.Rule("too_many_selections", $"A visitor has up to {Selection.MaxPerVisitor} selections in a gallery.");
                }

                var selection = new Selection { Id = Id<Selection>.New(now), GalleryId = galleryId, VisitorId = visitor, Name = request.Name.Trim(), CreatedAt = now };
                db.Add(selection);
                await db.SaveChangesAsync(cancellation);

                ETags.Write(http, selection);
                return TypedResults.Created($"/v1/selections/{selection.Id}", await db.ToResponseAsync(selection, caller, cancellation));
            },
            cancellation);
    }
}
