using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Auth.ApiKeys;

internal static class RevokeKey
{
    public static void MapRevokeKey(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/keys/{keyId}", HandleAsync)
        .WithName("RevokeKey")
        .WithTags("Keys")
        .WithSummary("Revoke an API key")
        .WithDescription("The key stops working at once and permanently. A key may revoke itself.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<ApiKey> keyId, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var key = await db.Set<ApiKey>().SingleOrDefaultAsync(k => k.Id == keyId, cancellation);
        if (key is null)
        {
            return Problems.NotFound("key");
        }

        key.RevokedAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(cancellation);

        return TypedResults.NoContent();
    }
}
