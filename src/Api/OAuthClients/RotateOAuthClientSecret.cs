using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.OAuthClients;

internal static class RotateOAuthClientSecret
{
    /// <summary>Our extension to RFC 7592: the authority creates a new secret and decides when the previous one expires.</summary>
    private const string RotateMember = "proofsheet_rotate_secret";

    public static void MapRotateOAuthClientSecret(this IEndpointRouteBuilder routes) => routes
        .MapPost("/oauth-clients/{oAuthClientId}/rotate-secret", HandleAsync)
        .WithName("RotateOAuthClientSecret")
        .WithTags("OAuth clients")
        .WithSummary("Rotate an OAuth client's secret")
        .WithDescription("The new secret is shown only in this response. The authority decides how long the previous one keeps working.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .WithMetadata(IdempotencyMode.ClaimedFirst)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<Ok<OAuthClientResponse>, ProblemHttpResult>> HandleAsync(
        Id<OAuthClient> oAuthClientId, ProofsheetDb db, RegisteredClients registered, TimeProvider clock, CancellationToken cancellation)
    {
        var client = await db.Set<OAuthClient>().Include(c => c.Origins).SingleOrDefaultAsync(c => c.Id == oAuthClientId, cancellation);
        if (client is null)
        {
            return Problems.NotFound("OAuth client");
        }

        if (client.AuthMethod != "client_secret_basic")
        {
            return Problems.Conflict("no_secret", "This client has no secret. Clients with keys change their keys.");
        }

        var metadata = await registered.MetadataAsync(client, client.Origins.Select(o => o.Origin), cancellation);
        var rotating = metadata.DeepClone().AsObject();
        rotating[RotateMember] = true;
        client.SecretRotatedAt = clock.GetUtcNow();
        string? secret;
        try
        {
            secret = await registered.ChangeAsync(client, metadata, rotating, cancellation);
        }
        catch (RegistrationException e)
        {
            return registered.Refused(e);
        }

        return secret is null
            ? Problems.Rule("rotation_not_supported", "The authority gave no other secret. Register another client in its place with `CreateOAuthClient`.")
            : TypedResults.Ok(client.ToResponse(secret));
    }
}
