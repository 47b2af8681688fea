using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Studios.Members;

internal sealed record UpdateMemberRequest
{
    public required StudioRole Role { get; init; }
}

internal static class UpdateMember
{
    public static void MapUpdateMember(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/members/{memberId}", HandleAsync)
        .WithName("UpdateMember")
        .WithTags("Members")
        .WithSummary("Change a member's role")
        .WithDescription("A JSON merge patch. The new role takes effect at once, even for tokens that were issued before. Only owners can make someone an owner or "
            + "change an owner's role.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .TakesIfMatch()
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<Ok<MemberResponse>, ProblemHttpResult>> HandleAsync(
        Id<Member> memberId, MergePatch<UpdateMemberRequest> patch, HttpContext http, ProofsheetDb db, Caller caller, CancellationToken cancellation)
    {
        var member = await db.Set<Member>().SingleOrDefaultAsync(m => m.Id == memberId, cancellation);
        if (member is null)
        {
            return Problems.NotFound("member");
        }

        if (!ETags.IfMatch(http, member))
        {
            return Problems.PreconditionFailed();
        }

        var wanted = patch.ApplyTo(new UpdateMemberRequest { Role = member.Role }).Role;
        if (wanted != member.Role)
        {
            if ((await MemberRules.RefuseAsync(db, caller, StudioRole.Owner == wanted || StudioRole.Owner == member.Role, cancellation)
                ?? await MemberRules.RefuseLastOwnerAsync(db, member, cancellation)) is { } refusal)
            {
                return refusal;
            }

            member.Role = wanted;
            await db.SaveChangesAsync(cancellation);
        }

        ETags.Write(http, member);
        return TypedResults.Ok(member.ToResponse(caller));
    }
}
