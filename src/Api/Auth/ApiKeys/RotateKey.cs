using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Auth.ApiKeys;

internal sealed record RotateKeyRequest
{
    /// <summary>How many hours the old key keeps working. Defaults to seven days; 0 ends it at once.</summary>
    [Range(0, 24 * 30)]
    public int? GraceHours { get; init; }
}

internal static class RotateKey
{
    public static void MapRotateKey(this IEndpointRouteBuilder routes) => routes
        .MapPost("/keys/{keyId}/rotate", HandleAsync)
        .WithName("RotateKey")
        .WithTags("Keys")
        .WithSummary("Rotate an API key")
        .WithDescription("Creates a successor with the same name, scopes and origins. Both work until the grace period ends; at most two keys of one family are "
            + "valid at a time.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<Created<KeyResponse>, ProblemHttpResult>> HandleAsync(
        Id<ApiKey> keyId, RotateKeyRequest request, ProofsheetDb db, Caller caller, IOptions<AccessOptions> options, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var old = await db.Set<ApiKey>().Include(k => k.Origins).SingleOrDefaultAsync(k => k.Id == keyId, cancellation);
        if (old is null)
        {
            return Problems.NotFound("key");
        }

        if (!old.IsLiveAt(now))
        {
            return Problems.Conflict("key_not_live", "This key has expired or was revoked. Make a new one with `CreateKey`.");
        }

        if (old.Type == ApiKeyType.Secret && old.Scopes.Any(s => !caller.Has(s)))
        {
            return Problems.Forbidden("missing_scope", "A key cannot grant scopes that it does not have.");
        }

        if (await db.Set<ApiKey>().CountAsync(k => k.Family == old.Family && k.RevokedAt == null && (k.ExpiresAt == null || k.ExpiresAt > now), cancellation) > 1)
        {
            return Problems.Conflict("key_already_rotating", "This key has already been rotated and both keys are valid. Revoke one with `RevokeKey`, or wait until the older one expires.");
        }

        var (key, text) = db.IssueKey(old.Type, old.Name, old.IsSandbox, old.Scopes, old.Origins.Select(o => o.Origin), now, old.Family);
        old.ExpiresAt = now.AddHours(request.GraceHours ?? options.Value.RotationGraceHours);
        await db.SaveChangesAsync(cancellation);

        return TypedResults.Created($"/v1/keys/{key.Id}", key.ToResponse(text));
    }
}
