using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Visitors;

internal static class RevokeVisitorSession
{
    public static void MapRevokeVisitorSession(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/visitors/{visitorId}/sessions/{sessionId}", HandleAsync)
        .WithName("RevokeVisitorSession")
        .WithTags("Visitors")
        .WithSummary("Sign out a visitor's device")
        .WithDescription("Its tokens stop working at once. The visitor loses nothing. Visitors can sign out their own devices, including the one they are using. "
            + "Revoking the session again changes nothing.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesWrite, Scopes.VisitorView);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<Visitor> visitorId, Id<VisitorSession> sessionId, Caller caller, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var session = await db.VisitorsFor(caller).AnyAsync(v => v.Id == visitorId, cancellation)
            ? await db.Set<VisitorSession>().SingleOrDefaultAsync(s => s.Id == sessionId && s.VisitorId == visitorId, cancellation)
            : null;
        if (session is null)
        {
            return Problems.NotFound("session");
        }

        session.RevokedAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(cancellation);

        return TypedResults.NoContent();
    }
}
