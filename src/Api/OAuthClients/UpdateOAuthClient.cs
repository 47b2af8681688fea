using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.OAuthClients;

internal sealed record UpdateOAuthClientRequest
{
    [OneLine, StringLength(100, MinimumLength = 1)]
    public required string Name { get; init; }

    [MaxLength(20)]
    public required IReadOnlyList<string> RedirectUris { get; init; }

    [MaxLength(20)]
    public required IReadOnlyList<string> PostLogoutRedirectUris { get; init; }

    [MaxLength(20)]
    public required IReadOnlyList<string> Origins { get; init; }

    [MinLength(1), MaxLength(32)]
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>To rotate keys, send the old and the new one, then the new one alone.</summary>
    [MaxLength(5)]
    public required IReadOnlyList<PublicKey> Keys { get; init; }
}

internal static class UpdateOAuthClient
{
    public static void MapUpdateOAuthClient(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/oauth-clients/{oAuthClientId}", HandleAsync)
        .WithName("UpdateOAuthClient")
        .WithTags("OAuth clients")
        .WithSummary("Change an OAuth client")
        .WithDescription("A JSON merge patch; lists are replaced as a whole. The authority is updated first: if it is unavailable or refuses, nothing changes. The "
            + "type cannot be changed, nor whether the client has keys or a secret.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<Ok<OAuthClientResponse>, ProblemHttpResult>> HandleAsync(
        Id<OAuthClient> oAuthClientId, MergePatch<UpdateOAuthClientRequest> patch, HttpContext http, ProofsheetDb db, Caller caller, RegisteredClients registered, CancellationToken cancellation)
    {
        var client = await db.Set<OAuthClient>().Include(c => c.Origins).SingleOrDefaultAsync(c => c.Id == oAuthClientId, cancellation);
        if (client is null)
        {
            return Problems.NotFound("OAuth client");
        }

        if (!ETags.IfMatch(http, client))
        {
            return Problems.PreconditionFailed();
        }

        var now = client.ToResponse();
        var before = await registered.MetadataAsync(client, now.Origins, cancellation);
        var wanted = patch.ApplyTo(new UpdateOAuthClientRequest
        {
            Name = now.Name, RedirectUris = now.RedirectUris, PostLogoutRedirectUris = now.PostLogoutRedirectUris, Origins = now.Origins, Scopes = now.Scopes, Keys = now.Keys,
        });
        if (wanted.Keys.Count > 0 != client.Keys.Count > 0)
        {
            return Problems.Rule("invalid_keys", "A client has keys or a secret for all its life. Register another one with `CreateOAuthClient`.", "keys");
        }

        client.Name = wanted.Name.Trim();
        client.RedirectUris = [.. wanted.RedirectUris.Distinct(StringComparer.Ordinal)];
        client.PostLogoutRedirectUris = [.. wanted.PostLogoutRedirectUris.Distinct(StringComparer.Ordinal)];
        client.Scopes = [.. wanted.Scopes.Distinct(StringComparer.Ordinal)];
        client.Keys = [.. wanted.Keys];
        List<string> origins = [.. wanted.Origins.Distinct(StringComparer.Ordinal)];
        if (ClientRules.Refuse(client, origins, caller) is { } refusal)
        {
            return refusal;
        }

        client.Origins.RemoveAll(o => !origins.Contains(o.Origin));
        client.Origins.AddRange(origins.Except(client.Origins.Select(o => o.Origin)).Select(o => new OAuthClientOrigin { ClientId = client.Id, Origin = o }).ToList());
        // The version must also change if only its origins did, which are separate rows.
        db.Entry(client).State = EntityState.Modified;
        try
        {
            await registered.ChangeAsync(client, before, await registered.MetadataAsync(client, origins, cancellation), cancellation);
        }
        catch (RegistrationException e)
        {
            return registered.Refused(e);
        }

        ETags.Write(http, client);
        return TypedResults.Ok(client.ToResponse());
    }
}
