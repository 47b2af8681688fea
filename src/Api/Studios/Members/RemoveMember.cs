using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Studios.Members;

internal static class RemoveMember
{
    public static void MapRemoveMember(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/members/{memberId}", HandleAsync)
        .WithName("RemoveMember")
        .WithTags("Members")
        .WithSummary("Remove a member")
        .WithDescription("The member's tokens no longer work for this studio. API keys are not affected: revoke those that the member knew. Only owners can remove "
            + "owners; one owner has to remain.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Id<Member> memberId, ProofsheetDb db, Caller caller, CancellationToken cancellation)
    {
        var member = await db.Set<Member>().SingleOrDefaultAsync(m => m.Id == memberId, cancellation);
        if (member is null)
        {
            return Problems.NotFound("member");
        }

        if (await MemberRules.RefuseAsync(db, caller, member.Role == StudioRole.Owner, cancellation) is { } refusal)
        {
            return refusal;
        }

        return await MemberRemoval.RemoveAsync(db, member, cancellation);
    }
}
