using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Galleries.Visitors;

internal sealed record RefreshVisitRequest
{
    [Required, StringLength(64)]
    public required string RefreshToken { get; init; }
}

internal static class RefreshVisit
{
    public static void MapRefreshVisit(this IEndpointRouteBuilder routes) => routes
        .MapPost("/storefront/visits/refresh", HandleAsync)
        .WithName("RefreshVisit")
        .WithTags("Storefront")
        .WithSummary("Continue a visit")
        .WithDescription("Returns a new token for a device that is remembered, without the gallery's secret. The refresh token stays the same, so a repeated or lost "
            + "request does no harm; each use keeps the device remembered for as long again, 30 days by default. If the gallery's password or PIN has changed, the code is access_changed: "
            + "unlock the gallery again with the refresh token, and the visitor stays the same.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status410Gone)
        .WithMetadata(IdempotencyMode.Repeatable)
        .RequireScope(Scopes.Storefront);

    private static async Task<Results<Ok<VisitResponse>, ProblemHttpResult>> HandleAsync(
        RefreshVisitRequest request, ProofsheetDb db, VisitorSessions sessions, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var session = await sessions.FindAsync(request.RefreshToken, cancellation);
        if (session is null || !session.IsLiveAt(now))
        {
            return Problems.NotFound("visit");
        }

        var gallery = await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == session.GalleryId && g.Stage == GalleryStage.Published, cancellation);
        if (gallery is null)
        {
            return Problems.NotFound("gallery");
        }

        if (gallery.HasExpiredAt(now))
        {
            return GalleryRules.Expired();
        }

        if (session.AccessVersion != gallery.AccessVersion)
        {
            return Problems.Forbidden("access_changed", "The gallery's password or PIN has changed. Unlock it again with `UnlockGallery` and this refresh token.");
        }

        return await sessions.IssueAsync(gallery, session, request.RefreshToken, remember: true, cancellation);
    }
}
