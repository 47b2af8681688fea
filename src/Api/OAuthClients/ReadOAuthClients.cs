using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.OAuthClients;

internal static class ReadOAuthClients
{
    public static void MapReadOAuthClients(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/oauth-clients", ListAsync)
            .WithName("ListOAuthClients")
            .WithTags("OAuth clients")
            .WithSummary("List the studio's OAuth clients")
            .WithDescription("Newest first; never their secrets.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .RequireScope(Scopes.SettingsRead);
        routes.MapGet("/oauth-clients/{oAuthClientId}", GetAsync)
            .WithName("GetOAuthClient")
            .WithTags("OAuth clients")
            .WithSummary("Read an OAuth client")
            .WithDescription("The ETag is its version, for If-Match.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.SettingsRead);
    }

    private static Task<Results<Ok<Page<OAuthClientResponse>>, ProblemHttpResult>> ListAsync(
        ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation) =>
        paging.NewestFirstAsync(page, "oauth-clients", db.Set<OAuthClient>().AsNoTracking().Include(c => c.Origins), c => c.ToResponse(), cancellation);

    private static async Task<Results<Ok<OAuthClientResponse>, ProblemHttpResult>> GetAsync(
        Id<OAuthClient> oAuthClientId, HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var client = await db.Set<OAuthClient>().AsNoTracking().Include(c => c.Origins).SingleOrDefaultAsync(c => c.Id == oAuthClientId, cancellation);
        if (client is null)
        {
            return Problems.NotFound("OAuth client");
        }

        ETags.Write(http, client);
        return TypedResults.Ok(client.ToResponse());
    }
}
