using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.OAuthClients;

internal static class DeleteOAuthClient
{
    public static void MapDeleteOAuthClient(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/oauth-clients/{oAuthClientId}", HandleAsync)
        .WithName("DeleteOAuthClient")
        .WithTags("OAuth clients")
        .WithSummary("Delete an OAuth client")
        .WithDescription("Deletes the client at the authority and here. It gets no more tokens, and tokens that a service still has stop working.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<OAuthClient> oAuthClientId, ProofsheetDb db, RegisteredClients registered, CancellationToken cancellation)
    {
        var client = await db.Set<OAuthClient>().Include(c => c.Origins).SingleOrDefaultAsync(c => c.Id == oAuthClientId, cancellation);
        if (client is null)
        {
            return Problems.NotFound("OAuth client");
        }

        try
        {
            await registered.RemoveAsync(client, cancellation);
        }
        catch (RegistrationException e)
        {
            return registered.Refused(e);
        }

        return TypedResults.NoContent();
    }
}
