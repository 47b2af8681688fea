using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.OAuthClients;

internal static class GetOAuthClient
{
    public static void MapGetOAuthClient(this IEndpointRouteBuilder routes) => routes
        .MapGet("/oauth-clients/{oAuthClientId}", HandleAsync)
        .WithName("GetOAuthClient")
        .WithTags("OAuth clients")
        .WithSummary("Get an OAuth client")
        .WithDescription("The ETag is the client's version, for If-Match.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.SettingsRead);

    private static async Task<Results<Ok<OAuthClientResponse>, ProblemHttpResult>> HandleAsync(
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
