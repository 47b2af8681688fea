using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Members;

internal static class RemoveMember
{
    public static void MapRemoveMember(this IEndpointRouteBuilder routes)
    {
        routes.MapDelete("/members/{memberId}", HandleAsync)
            .WithName("RemoveMember")
            .WithTags("Members")
            .WithSummary("Remove a member")
            .WithDescription("The member's tokens open nothing of this studio any more. API keys stay: revoke those the member knew. Only owners remove owners; one stays.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .RequireScope(Scopes.SettingsWrite);
        routes.MapDelete("/studios/{studioId}/membership", LeaveAsync)
            .WithName("LeaveStudio")
            .WithTags("Members")
            .WithSummary("Leave a studio")
            .WithDescription("Of the signed-in account. The last owner cannot leave.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithoutStudio()
            .RequireScope(Scopes.StudiosWrite);
    }

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

        return await GoAsync(db, member, cancellation);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> LeaveAsync(
        Id<Tenant> studioId, ProofsheetDb db, TenantContext tenant, Caller caller, CancellationToken cancellation)
    {
        var account = caller.Account!.Digest;
        if (!await db.AcrossTenants<Member>().AnyAsync(m => m.TenantId == studioId && m.AccountDigest == account, cancellation))
        {
            return Problems.NotFound("studio");
        }

        tenant.Set(studioId);
        return await GoAsync(db, await db.Set<Member>().SingleAsync(m => m.AccountDigest == account, cancellation), cancellation);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> GoAsync(ProofsheetDb db, Member member, CancellationToken cancellation)
    {
        if (await MemberRules.RefuseLastOwnerAsync(db, member, cancellation) is { } refusal)
        {
            return refusal;
        }

        db.Remove(member);
        await db.SaveChangesAsync(cancellation);

        return TypedResults.NoContent();
    }
}
