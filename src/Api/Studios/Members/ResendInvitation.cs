using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Members;

internal static class ResendInvitation
{
    public static void MapResendInvitation(this IEndpointRouteBuilder routes) => routes
        .MapPost("/invitations/{invitationId}/resend", HandleAsync)
        .WithName("ResendInvitation")
        .WithTags("Members")
        .WithSummary("Send an invitation again")
        .WithDescription("Sends a new code that works for another seven days; the previous code stops working. Also possible after the invitation has expired. At "
            + "most once a minute, and ten times in all.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<Ok<InvitationResponse>, ProblemHttpResult>> HandleAsync(
        Id<Invitation> invitationId, ProofsheetDb db, TenantContext tenant, Caller caller, InvitationCodes codes, TimeProvider clock, CancellationToken cancellation)
    {
        var invitation = await db.Set<Invitation>().SingleOrDefaultAsync(i => i.Id == invitationId, cancellation);
        if (invitation is null)
        {
            return Problems.NotFound("invitation");
        }

        if (await MemberRules.RefuseAsync(db, caller, invitation.Role == StudioRole.Owner, cancellation) is { } refusal)
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        if (invitation.AcceptedAt is not null || invitation.WithdrawnAt is not null)
        {
            return Problems.Conflict("invitation_closed", "It was accepted or withdrawn. Invite again with `InviteMember`.");
        }

        if (invitation.TimesSent >= Invitation.MaxSent || now - invitation.LastSentAt < Invitation.SendingPause)
        {
            return Problems.Conflict("invitation_just_sent", "An invitation is sent at most once a minute, and ten times in all.");
        }

        codes.Announce(db, tenant.Current, invitation, invitation.Renew(now), now);
        await db.SaveChangesAsync(cancellation);

        return TypedResults.Ok(invitation.ToResponse(now));
    }
}
