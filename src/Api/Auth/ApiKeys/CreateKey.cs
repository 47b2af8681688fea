using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Auth.ApiKeys;

internal sealed record CreateKeyRequest
{
    /// <summary>A name for people: where the key is used.</summary>
    [OneLine, StringLength(100, MinimumLength = 1)]
    public required string Name { get; init; }

    public required ApiKeyType Type { get; init; }

    public bool IsSandbox { get; init; }

    /// <summary>What the key may do. By default, everything that its type allows.</summary>
    [MaxLength(32)]
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The origins of a publishable key, for example <c>https://anna.example</c>; 1 to 20 of them.</summary>
    [MaxLength(20)]
    public IReadOnlyList<string>? Origins { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}

internal static class CreateKey
{
    public static void MapCreateKey(this IEndpointRouteBuilder routes) => routes
        .MapPost("/keys", HandleAsync)
        .WithName("CreateKey")
        .WithTags("Keys")
        .WithSummary("Create an API key")
        .WithDescription("The key is shown only in this response. A key cannot be given a scope that its creator lacks.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<Created<KeyResponse>, ProblemHttpResult>> HandleAsync(
        CreateKeyRequest request, ProofsheetDb db, Caller caller, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var allowed = request.Type switch
        {
            ApiKeyType.Publishable => Http.Callers.Scopes.OfPublishableKeys,
            ApiKeyType.Secret => Http.Callers.Scopes.OfSecretKeys,
            _ => Http.Callers.Scopes.OfLabKeys,
        };
        var scopes = request.Scopes?.Distinct().ToList() ?? [.. allowed];
        if (scopes.Count == 0 || scopes.Except(allowed).Any())
        {
            return Problems.Rule("unknown_scope", $"A key of this type can have {string.Join(", ", allowed)}.", "scopes");
        }

        if (request.Type == ApiKeyType.Secret && scopes.Any(s => !caller.Has(s)))
        {
            return Problems.Forbidden("missing_scope", "A key cannot grant scopes that it does not have.");
        }

        if (caller.IsSandbox && !request.IsSandbox)
        {
            return Problems.Forbidden("sandbox_only", "A sandbox key can create sandbox keys only.");
        }

        var origins = request.Origins ?? [];
        if (request.Type == ApiKeyType.Publishable ? origins.Count == 0 || !origins.All(KeyIssuing.IsOrigin) : origins.Count > 0)
        {
            return Problems.Rule("invalid_origin", "Publishable keys need `origins`, such as https://anna.example; other keys have none.", "origins");
        }

        if (request.ExpiresAt <= now)
        {
            return Problems.Rule("already_expired", "The expiry is in the past.", "expiresAt");
        }

        var (key, text) = db.IssueKey(request.Type, request.Name, request.IsSandbox, scopes, origins, now);
        key.ExpiresAt = request.ExpiresAt;
        await db.SaveChangesAsync(cancellation);

        return TypedResults.Created($"/v1/keys/{key.Id}", key.ToResponse(text));
    }
}
