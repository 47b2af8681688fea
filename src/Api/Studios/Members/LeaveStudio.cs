using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Members;

internal static class LeaveStudio
{
    public static void MapLeaveStudio(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/studios/{studioId}/membership", HandleAsync)
        .WithName("LeaveStudio")
        .WithTags("Members")
        .WithSummary("Leave a studio")
        .WithDescription("Removes the signed-in account from the studio. The last owner cannot leave.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .WithoutStudio()
        .RequireScope(Scopes.StudiosWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<Tenant> studioId, ProofsheetDb db, TenantContext tenant, Caller caller, CancellationToken cancellation)
    {
        var account = caller.Account!.Digest;
        if (!await db.AcrossTenants<Member>().AnyAsync(m => m.TenantId == studioId && m.AccountDigest == account, cancellation))
        {
            return Problems.NotFound("studio");
        }

        tenant.Set(studioId);
        return await MemberRemoval.RemoveAsync(db, await db.Set<Member>().SingleAsync(m => m.AccountDigest == account, cancellation), cancellation);
    }
}
