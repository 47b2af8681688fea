using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Studios.Members;

internal static class ListMembers
{
    public static void MapListMembers(this IEndpointRouteBuilder routes) => routes
        .MapGet("/members", HandleAsync)
        .WithName("ListMembers")
        .WithTags("Members")
        .WithSummary("List the studio's members")
        .WithDescription("In the order in which they joined.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.SettingsRead);

    private static Task<Results<Ok<Page<MemberResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Caller caller, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation) =>
        paging.OldestFirstAsync(page, "members", db.Set<Member>().AsNoTracking(), m => m.ToResponse(caller), cancellation);
}
