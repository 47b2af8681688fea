using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Visitors;

internal static class ListVisitorSessions
{
    public static void MapListVisitorSessions(this IEndpointRouteBuilder routes) => routes
        .MapGet("/visitors/{visitorId}/sessions", HandleAsync)
        .WithName("ListVisitorSessions")
        .WithTags("Visitors")
        .WithSummary("List a visitor's devices")
        .WithDescription("The sessions that have neither ended nor been revoked, newest first. Visitors can list their own.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesRead, Scopes.VisitorView);

    private static async Task<Results<Ok<Page<VisitorSessionResponse>>, ProblemHttpResult>> HandleAsync(
        Id<Visitor> visitorId, Caller caller, ProofsheetDb db, Paging paging, TimeProvider clock, [AsParameters] PageQuery page, CancellationToken cancellation)
    {
        if (!await db.VisitorsFor(caller).AnyAsync(v => v.Id == visitorId, cancellation))
        {
            return Problems.NotFound("visitor");
        }

        var now = clock.GetUtcNow();
        var live = db.Set<VisitorSession>().AsNoTracking().Where(s => s.VisitorId == visitorId && s.RevokedAt == null && s.EndsAt > now);
        return await paging.NewestFirstAsync(page, $"visitor-sessions:{visitorId}", live, s => s.ToResponse(caller.SessionId), cancellation);
    }

    /// <summary>All visitors of the studio's galleries for the studio, and themselves for visitors.</summary>
    public static IQueryable<Visitor> VisitorsFor(this ProofsheetDb db, Caller caller)
    {
        if (!caller.IsVisitor)
        {
            return db.Set<Visitor>();
        }

        _ = Id<Visitor>.TryRead(caller.VisitorId, out var self);
        return db.Set<Visitor>().Where(v => v.Id == self);
    }
}
