using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.OAuthClients;

internal static class ListOAuthClients
{
    public static void MapListOAuthClients(this IEndpointRouteBuilder routes) => routes
        .MapGet("/oauth-clients", HandleAsync)
        .WithName("ListOAuthClients")
        .WithTags("OAuth clients")
        .WithSummary("List the studio's OAuth clients")
        .WithDescription("Newest first. Their secrets are never shown.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.SettingsRead);

    private static Task<Results<Ok<Page<OAuthClientResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation) =>
        paging.NewestFirstAsync(page, "oauth-clients", db.Set<OAuthClient>().AsNoTracking().Include(c => c.Origins), c => c.ToResponse(), cancellation);
}
