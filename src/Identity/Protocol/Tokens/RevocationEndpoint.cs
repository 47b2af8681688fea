using System.Text.Json;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Sessions;
using Proofsheet.Identity.Protocol.Web;

namespace Proofsheet.Identity.Protocol.Tokens;

/// <summary>RFC 7009. A refresh token revokes its whole family; an access token only itself.</summary>
internal static class RevocationEndpoint
{
    public static void MapRevocationEndpoint(this IEndpointRouteBuilder routes) => routes.MapPost(Paths.Revocation, HandleAsync);

    private static async Task<IResult> HandleAsync(
        HttpContext http, ClientAuthentication authentication, IGrantStore grants, AccessTokens accessTokens, TokenRevocation revocation, CancellationToken cancellation)
    {
        if ((await OAuthParameters.FromFormAsync(http.Request, cancellation)).IsRefused(out var error, out var parameters))
        {
            return error.ToResult();
        }

        if ((await authentication.AuthenticateAsync(http, parameters, cancellation)).IsRefused(out error, out var client))
        {
            return error.ToResult();
        }

        if (parameters["token"] is not { } token)
        {
            return OAuthError.InvalidRequest("token is missing.").ToResult();
        }

        if (await grants.FindAsync(GrantKind.RefreshToken, Handles.Hash(token), cancellation) is { } grant)
        {
            if (grant.ClientId != client.ClientId)
            {
                return Another();
            }

            await revocation.RevokeFamilyAsync(grant.Family!, cancellation);
        }
        else if (await accessTokens.VerifyAsync(token, cancellation) is { } jwt)
        {
            if (jwt.Text("client_id") != client.ClientId)
            {
                return Another();
            }

            await revocation.RevokeTokenAsync(jwt.Text("jti")!, jwt.Time("exp")!.Value, cancellation);
        }

        // An unknown token counts as revoked (section 2.2).
        return Results.Ok();
    }

    private static IResult Another() => OAuthError.InvalidGrant("The token was given to another client.").ToResult();
}

/// <summary>RFC 7662, for clients that may introspect.</summary>
internal static class IntrospectionEndpoint
{
    public static void MapIntrospectionEndpoint(this IEndpointRouteBuilder routes) => routes.MapPost(Paths.Introspection, HandleAsync);

    private static async Task<IResult> HandleAsync(
        HttpContext http, ClientAuthentication authentication, IGrantStore grants, Holders holders, AccessTokens accessTokens, TimeProvider clock, CancellationToken cancellation)
    {
        if ((await OAuthParameters.FromFormAsync(http.Request, cancellation)).IsRefused(out var error, out var parameters))
        {
            return error.ToResult();
        }

        if ((await authentication.AuthenticateAsync(http, parameters, cancellation)).IsRefused(out error, out var client))
        {
            return error.ToResult();
        }

        if (!client.MayIntrospect)
        {
            return new OAuthError("unauthorized_client", "This client may not ask about tokens.", StatusCodes.Status403Forbidden).ToResult();
        }

        if (parameters["token"] is not { } token)
        {
            return OAuthError.InvalidRequest("token is missing.").ToResult();
        }

        if (await accessTokens.ReadAsync(token, cancellation) is { } jwt)
        {
            var claims = System.Text.Json.Nodes.JsonObject.Create(jwt.Claims)!;
            claims["active"] = true;
            claims["token_type"] = claims["cnf"] is null ? "Bearer" : "DPoP";
            return Results.Json(claims);
        }

        return await grants.FindAsync(GrantKind.RefreshToken, Handles.Hash(token), cancellation) is { ConsumedAt: null } grant
            && grant.ExpiresAt > clock.GetUtcNow()
            && await grants.FindFamilyAsync(grant.Family!, cancellation) is { RevokedAt: null }
            && JsonSerializer.Deserialize<RefreshData>(grant.Data) is { } data
            && await holders.IsActiveAsync(data.Authorization.Subject, cancellation)
                ? Results.Json(new { active = true, client_id = grant.ClientId, sub = data.Authorization.Subject, scope = string.Join(' ', data.Authorization.Scopes), exp = grant.ExpiresAt.ToUnixTimeSeconds() })
                : Results.Json(new { active = false });
    }
}
