using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Studios.Members;

internal static class ListInvitations
{
    public static void MapListInvitations(this IEndpointRouteBuilder routes) => routes
        .MapGet("/invitations", HandleAsync)
        .WithName("ListInvitations")
        .WithTags("Members")
        .WithSummary("List the studio's invitations")
        .WithDescription("Newest first, including those that were accepted, withdrawn or have expired. Their codes are never shown.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.SettingsRead);

    private static Task<Results<Ok<Page<InvitationResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Paging paging, TimeProvider clock, Choice<InvitationStatus>? status, [AsParameters] PageQuery page, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var invitations = db.Set<Invitation>().AsNoTracking();
        invitations = status?.Value switch
        {
            InvitationStatus.Accepted => invitations.Where(i => i.AcceptedAt != null),
            InvitationStatus.Withdrawn => invitations.Where(i => i.AcceptedAt == null && i.WithdrawnAt != null),
            InvitationStatus.Pending => invitations.Where(i => i.AcceptedAt == null && i.WithdrawnAt == null && i.ExpiresAt > now),
            InvitationStatus.Expired => invitations.Where(i => i.AcceptedAt == null && i.WithdrawnAt == null && i.ExpiresAt <= now),
            _ => invitations,
        };
        return paging.NewestFirstAsync(page, $"invitations:{status}", invitations, i => i.ToResponse(now), cancellation);
    }
}
