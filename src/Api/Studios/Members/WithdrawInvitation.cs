using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Studios.Members;

internal static class WithdrawInvitation
{
    public static void MapWithdrawInvitation(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/invitations/{invitationId}", HandleAsync)
        .WithName("WithdrawInvitation")
        .WithTags("Members")
        .WithSummary("Withdraw an invitation")
        .WithDescription("The code stops working. Withdrawing the invitation again changes nothing.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<Invitation> invitationId, ProofsheetDb db, Caller caller, TimeProvider clock, CancellationToken cancellation)
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

        if (invitation.AcceptedAt is not null)
        {
            return Problems.Conflict("invitation_closed", "It was accepted. Remove the member with `RemoveMember` instead.");
        }

        invitation.WithdrawnAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(cancellation);

        return TypedResults.NoContent();
    }
}
