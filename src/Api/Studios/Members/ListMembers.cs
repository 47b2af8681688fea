using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

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

    private static async Task<Results<Ok<Page<MemberResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Caller caller, Cursors cursors, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (Limits.PageSize(limit) is not { } size)
        {
            return PageProblems.BadLimit();
        }

        if (!cursors.TryRead("members", cursor, out var after))
        {
            return PageProblems.BadCursor();
        }

        var members = db.Set<Member>().AsNoTracking();
        if (after is not null)
        {
            var last = Id<Member>.FromStored(after);
            members = members.Where(m => m.Id > last);
        }

        var rows = await members.OrderBy(m => m.Id).Take(size + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Page<MemberResponse>.From(rows, size, m => m.ToResponse(caller), m => cursors.Write("members", m.Id.ToStored())));
    }
}
