using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Auth.ApiKeys;

internal static class ListKeys
{
    public static void MapListKeys(this IEndpointRouteBuilder routes) => routes
        .MapGet("/keys", HandleAsync)
        .WithName("ListKeys")
        .WithTags("Keys")
        .WithSummary("List the studio's API keys")
        .WithDescription("Newest first, revoked ones included; never the keys themselves.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.SettingsRead);

    private static async Task<Results<Ok<Page<KeyResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Cursors cursors, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (Limits.PageSize(limit) is not { } size)
        {
            return PageProblems.BadLimit();
        }

        if (!cursors.TryRead("keys", cursor, out var after))
        {
            return PageProblems.BadCursor();
        }

        var keys = db.Set<ApiKey>().AsNoTracking().Include(k => k.Origins).AsQueryable();
        if (after is not null)
        {
            var last = Id<ApiKey>.FromStored(after);
            keys = keys.Where(k => k.Id < last);
        }

        var rows = await keys.OrderByDescending(k => k.Id).Take(size + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Page<KeyResponse>.From(rows, size, k => k.ToResponse(), k => cursors.Write("keys", k.Id.ToStored())));
    }
}
