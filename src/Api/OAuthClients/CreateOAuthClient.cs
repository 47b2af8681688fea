using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.OAuthClients;

internal sealed record CreateOAuthClientRequest
{
    /// <summary>A name for people, shown to those who sign in.</summary>
    [OneLine, StringLength(100, MinimumLength = 1)]
    public required string Name { get; init; }

    public required OAuthClientType Type { get; init; }

    /// <summary>Where the authority may send people back to, compared as exact text. Not allowed for services; optional for native apps.</summary>
    [MaxLength(20)]
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>Where people may be sent after signing out.</summary>
    [MaxLength(20)]
    public IReadOnlyList<string> PostLogoutRedirectUris { get; init; } = [];

    /// <summary>Origins from which a browser client calls, for example <c>https://anna.example</c>.</summary>
    [MaxLength(20)]
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>All scopes that the client may request.</summary>
    [MinLength(1), MaxLength(32)]
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Public keys of a web or service client, which then has no secret (private_key_jwt).</summary>
    [MaxLength(5)]
    public IReadOnlyList<PublicKey> Keys { get; init; } = [];
}

internal static class CreateOAuthClient
{
    public static void MapCreateOAuthClient(this IEndpointRouteBuilder routes) => routes
        .MapPost("/oauth-clients", HandleAsync)
        .WithName("CreateOAuthClient")
        .WithTags("OAuth clients")
        .WithSummary("Register an OAuth client")
        .WithDescription("Registers the client at the authority, for this studio only: its tokens work in no other studio. The secret, if the client has one, is "
            + "shown only in this response. If the authority cannot be reached, nothing is created. Sending the request twice without an Idempotency-Key creates two "
            + "clients.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .WithMetadata(IdempotencyMode.ClaimedFirst)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<Created<OAuthClientResponse>, ProblemHttpResult>> HandleAsync(
        CreateOAuthClientRequest request, ProofsheetDb db, Caller caller, ClientRegistry registry, RegisteredClients registered, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var draft = Draft(request, now);
        List<string> origins = [.. request.Origins.Distinct(StringComparer.Ordinal)];
        if (ClientRules.Refuse(draft, origins, caller) is { } refusal)
        {
            return refusal;
        }

        if (await db.Set<OAuthClient>().CountAsync(cancellation) >= ClientRules.MaxClients)
        {
            return Problems.Rule("too_many_clients", $"A studio has up to {ClientRules.MaxClients} OAuth clients.");
        }

        Registration registration;
        try
        {
            registration = await registry.RegisterAsync(await registered.MetadataAsync(draft, origins, cancellation), cancellation);
        }
        catch (RegistrationException e)
        {
            return registered.Refused(e);
        }

        try
        {
            var client = Complete(draft, registration, registry.Authority!.Options.Issuer, registered.Seal(registration.RegistrationToken), origins);
            db.Add(client);
            await db.SaveChangesAsync(CancellationToken.None);
            return TypedResults.Created($"/v1/oauth-clients/{client.Id}", client.ToResponse(registration.ClientSecret));
        }
        catch (Exception)
        {
            await registered.TakeBackAsync(registration);
            throw;
        }
    }

    /// <summary>The client before the authority has assigned an id.</summary>
    private static OAuthClient Draft(CreateOAuthClientRequest request, DateTimeOffset now) => new()
    {
        Id = Id<OAuthClient>.New(now),
        Issuer = "",
        ClientId = "",
        ClientDigest = "",
        Type = request.Type,
        Name = request.Name.Trim(),
        RedirectUris = [.. request.RedirectUris.Distinct(StringComparer.Ordinal)],
        PostLogoutRedirectUris = [.. request.PostLogoutRedirectUris.Distinct(StringComparer.Ordinal)],
        Scopes = [.. request.Scopes.Distinct(StringComparer.Ordinal)],
        Keys = [.. request.Keys],
        RegistrationUri = "",
        RegistrationToken = [],
        CreatedAt = now,
    };

    private static OAuthClient Complete(OAuthClient draft, Registration registration, string issuer, byte[] registrationToken, List<string> origins) => new()
    {
        Id = draft.Id,
        Issuer = issuer,
        ClientId = registration.ClientId,
        ClientDigest = Account.DigestOf(issuer, registration.ClientId),
        Type = draft.Type,
        Name = draft.Name,
        RedirectUris = draft.RedirectUris,
        PostLogoutRedirectUris = draft.PostLogoutRedirectUris,
        Scopes = draft.Scopes,
        Keys = draft.Keys,
        Origins = [.. origins.Select(o => new OAuthClientOrigin { ClientId = draft.Id, Origin = o })],
        RegistrationUri = registration.RegistrationUri,
        RegistrationToken = registrationToken,
        CreatedAt = draft.CreatedAt,
    };
}
