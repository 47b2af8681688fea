using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Visitors;

internal sealed record MergeVisitorRequest
{
    /// <summary>The visitor of the same gallery that stays.</summary>
    public required Id<Visitor> IntoVisitorId { get; init; }
}

internal static class MergeVisitor
{
    public static void MapMergeVisitor(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visitors/{visitorId}/merge", HandleAsync)
        .WithName("MergeVisitor")
        .WithTags("Visitors")
        .WithSummary("Merge a visitor into another")
        .WithDescription("For two visitors who are the same person. Selections, carts, orders and downloads move to the visitor that stays; a selection of the same name "
            + "gets a number. Devices of the merged visitor stay signed in, as the visitor that stays. This cannot be undone.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.GalleriesWrite);

    private static Task<Results<Ok<VisitorResponse>, ProblemHttpResult>> HandleAsync(
        Id<Visitor> visitorId, MergeVisitorRequest request, ProofsheetDb db, VisitorMerging merging, CancellationToken cancellation) =>
        db.InTransactionAsync<Results<Ok<VisitorResponse>, ProblemHttpResult>>(
            async () =>
            {
                var from = await db.Set<Visitor>().SingleOrDefaultAsync(v => v.Id == visitorId, cancellation);
                var into = await db.Set<Visitor>().SingleOrDefaultAsync(v => v.Id == request.IntoVisitorId, cancellation);
                if (from is null || into is null)
                {
                    return Problems.NotFound("visitor");
                }

                if (from.Id == into.Id || from.GalleryId != into.GalleryId)
                {
                    return Problems.Rule("visitors_not_mergeable", "Two different visitors of the same gallery can be merged.", "intoVisitorId");
                }

                if (from.MergedInto is not null || into.MergedInto is not null)
                {
                    return Problems.Conflict("visitor_merged", "One of them was already merged into another visitor.");
                }

                if (from.ClientId is not null && into.ClientId is not null && from.ClientId != into.ClientId)
                {
                    return Problems.Conflict("different_clients", "They are different clients of the studio, so they are not the same person.");
                }

                await merging.MergeAsync(from, into, cancellation);
                return TypedResults.Ok(into.ToResponse());
            },
            cancellation);
}
