using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Auth.ApiKeys;

internal static class ListKeys
{
    public static void MapListKeys(this IEndpointRouteBuilder routes) => routes
        .MapGet("/keys", HandleAsync)
        .WithName("ListKeys")
        .WithTags("Keys")
        .WithSummary("List the studio's API keys")
        .WithDescription("Newest first, including revoked ones. The keys themselves are never shown.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.SettingsRead);

    private static Task<Results<Ok<Page<KeyResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation) =>
        paging.NewestFirstAsync(page, "keys", db.Set<ApiKey>().AsNoTracking().Include(k => k.Origins), k => k.ToResponse(), cancellation);
}
