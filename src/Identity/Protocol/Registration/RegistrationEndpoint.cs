using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Sessions;
using Proofsheet.Identity.Protocol.Tokens;
using Proofsheet.Identity.Protocol.Web;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Protocol.Registration;

/// <summary>
/// Clients are registered by RFC 7591 and managed by RFC 7592. Registering needs an access token with the scope <c>clients:register</c>; managing
/// needs the client's registration access token, or such an access token of the client that registered it.
/// </summary>
internal static class RegistrationEndpoint
{
    public static void MapRegistrationEndpoint(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.Registration, RegisterAsync);
        routes.MapGet(Paths.Registration + "/{clientId}", ReadAsync);
        routes.MapPut(Paths.Registration + "/{clientId}", ReplaceAsync);
        routes.MapDelete(Paths.Registration + "/{clientId}", RemoveAsync);
    }

    private static async Task<IResult> RegisterAsync(
        HttpContext http, BearerAuthentication bearer, IRegisteredClients registered, IResourceStore resources, ISecurityLog securityLog, IOptions<AuthorityOptions> authority,
        TimeProvider clock, CancellationToken cancellation)
    {
        if (await bearer.AuthenticateAsync(http, KnownScopes.RegisterClients, cancellation) is not { } token)
        {
            return Results.Empty;
        }

        var read = await MetadataAsync(http, cancellation) is { } json
            ? ClientMetadata.Read(json, "cli_" + Handles.New()[..24], resources)
            : new OAuthError("invalid_client_metadata", "The body is a JSON object.");
        if (read.IsRefused(out var error, out var client))
        {
            return error.ToResult();
        }

        var now = clock.GetUtcNow();
        var registrationToken = Handles.New();
        var secret = AuthMethods.IsSecret(client.AuthMethod) ? Handles.New() : null;
        var registration = new RegisteredClient
        {
            ClientId = client.ClientId,
            Metadata = client with { Secrets = secret is null ? [] : [new ClientSecret(Handles.HashHex(secret), now)] },
            RegistrationTokenHash = Handles.Hash(registrationToken),
            RegisteredBy = token.Text("client_id")!,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await registered.AddAsync(registration, cancellation);
        await securityLog.AddAsync("client_registered", client.ClientId, null, cancellation, detail: $"by {registration.RegisteredBy}");
        return Results.Json(ClientMetadata.Write(registration, authority.Value.Issuer, secret, registrationToken), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ReadAsync(string clientId, HttpContext http, RegistrationAccess access, IOptions<AuthorityOptions> authority, CancellationToken cancellation) =>
        await access.FindAsync(http, clientId, cancellation) is { } registration
            ? Results.Json(ClientMetadata.Write(registration, authority.Value.Issuer, null, null))
            : Results.Empty;

    private static async Task<IResult> ReplaceAsync(
        string clientId, HttpContext http, RegistrationAccess access, IRegisteredClients registered, IResourceStore resources, ISecurityLog securityLog, IOptions<AuthorityOptions> authority,
        TimeProvider clock, CancellationToken cancellation)
    {
        if (await access.FindAsync(http, clientId, cancellation) is not { } registration)
        {
            return Results.Empty;
        }

        if (await MetadataAsync(http, cancellation) is not { } json || (json.TryGetProperty("client_id"u8, out var named) && !named.ValueEquals(clientId)))
        {
            return new OAuthError("invalid_client_metadata", "The body is a JSON object, and a client keeps its client_id.").ToResult();
        }

        if (ClientMetadata.Read(json, clientId, resources).IsRefused(out var error, out var client))
        {
            return error.ToResult();
        }

        // A client cannot move to another studio, because its tokens would then carry that one.
        if (client.Tenant != registration.Metadata.Tenant || AuthMethods.IsSecret(client.AuthMethod) != AuthMethods.IsSecret(registration.Metadata.AuthMethod))
        {
            return new OAuthError("invalid_client_metadata", "tenant and the kind of authentication stay as they are: register another client.").ToResult();
        }

        var now = clock.GetUtcNow();
        var secret = ClientMetadata.AsksForSecret(json) && AuthMethods.IsSecret(client.AuthMethod) ? Handles.New() : null;
        registration.Metadata = client with { Secrets = Rotated(registration.Metadata.Secrets, secret, now) };
        registration.UpdatedAt = now;
        if (!await registered.SaveAsync(registration, cancellation))
        {
            return new OAuthError("invalid_request", "The client was changed by another request at the same time. Read it again.", StatusCodes.Status409Conflict).ToResult();
        }

        await securityLog.AddAsync(secret is null ? "client_changed" : "client_secret_rotated", clientId, null, cancellation);
        return Results.Json(ClientMetadata.Write(registration, authority.Value.Issuer, secret, null));
    }

    // The newest secret stays valid next to the new one, so that servers can be switched one by one; older ones end now.
    private static List<ClientSecret> Rotated(IList<ClientSecret> secrets, string? secret, DateTimeOffset now) => secret is null
        ? [.. secrets]
        : [.. secrets.OrderByDescending(s => s.CreatedAt).Take(ClientRules.MaxLiveSecrets - 1), new ClientSecret(Handles.HashHex(secret), now)];

    private static async Task<IResult> RemoveAsync(
        string clientId, HttpContext http, RegistrationAccess access, IRegisteredClients registered, TokenRevocation revocation, ISecurityLog securityLog, CancellationToken cancellation)
    {
        if (await access.FindAsync(http, clientId, cancellation) is null)
        {
            return Results.Empty;
        }

        await revocation.RevokeClientAsync(clientId, subject: null, cancellation);
        await registered.RemoveAsync(clientId, cancellation);
        await securityLog.AddAsync("client_removed", clientId, null, cancellation);
        return Results.NoContent();
    }

    private static async Task<JsonElement?> MetadataAsync(HttpContext http, CancellationToken cancellation)
    {
        const int maxBytes = 64 << 10;
        if (!http.Request.HasJsonContentType() || http.Request.ContentLength > maxBytes)
        {
            return null;
        }

        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (body.Length + read > maxBytes)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return StrictJson.TryParseObject(body.GetBuffer().AsSpan(0, (int)body.Length), out var json) ? json : null;
    }
}

/// <summary>Who may manage a registration. A wrong token and an unknown client get the same response (RFC 7592 section 2.1).</summary>
internal sealed class RegistrationAccess(IRegisteredClients registered, AccessTokens accessTokens)
{
    /// <summary>Null when an error response has been written.</summary>
    public async Task<RegisteredClient?> FindAsync(HttpContext http, string clientId, CancellationToken cancellation)
    {
        if (AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization.ToString(), out var value)
            && value.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) && value.Parameter is { } token
            && await registered.FindAsync(clientId, cancellation) is { } client
            && (Handles.AreEqual(client.RegistrationTokenHash, Handles.Hash(token)) || await IsRegistrarAsync(token, client, cancellation)))
        {
            return client;
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.Headers.WWWAuthenticate = "Bearer realm=\"proofsheet\", error=\"invalid_token\"";
        return null;
    }

    private async Task<bool> IsRegistrarAsync(string token, RegisteredClient client, CancellationToken cancellation) =>
        await accessTokens.ReadAsync(token, cancellation) is { } jwt
        && !jwt.Claims.TryGetProperty("cnf"u8, out _)
        && jwt.Text("client_id") == client.RegisteredBy
        && KnownScopes.Split(jwt.Text("scope")).Contains(KnownScopes.RegisterClients);
}
