using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Web;

namespace Proofsheet.Identity.Protocol.Tokens;

/// <param name="Jkt">The thumbprint of the key that the caller proved to hold, or null.</param>
internal sealed record TokenRequest(Client Client, OAuthParameters Parameters, string? Jkt);

/// <summary>One grant type of the token endpoint; others can be registered in addition to the four built-in ones.</summary>
internal interface IExtensionGrant
{
    /// <summary>The <c>grant_type</c>.</summary>
    string GrantType { get; }

    Task<Outcome<TokenAnswer>> ExchangeAsync(TokenRequest request, CancellationToken cancellation);
}

/// <summary>RFC 6749 section 3.2.</summary>
internal static class TokenEndpoint
{
    public static void MapTokenEndpoint(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Paths.Token, HandleAsync);

    private static async Task<IResult> HandleAsync(
        HttpContext http, ClientAuthentication authentication, DpopProofs proofs, IEnumerable<IExtensionGrant> grants, IOptions<AuthorityOptions> authority, CancellationToken cancellation)
    {
        if ((await OAuthParameters.FromFormAsync(http.Request, cancellation)).IsRefused(out var error, out var parameters))
        {
            return error.ToResult();
        }

        if ((await authentication.AuthenticateAsync(http, parameters, cancellation)).IsRefused(out error, out var client))
        {
            return error.ToResult();
        }

        if (parameters["grant_type"] is not { } grantType)
        {
            return OAuthError.InvalidRequest("grant_type is missing.").ToResult();
        }

        if (grants.LastOrDefault(g => g.GrantType == grantType) is not { } grant)
        {
            return new OAuthError("unsupported_grant_type", "There is no such grant type here.").ToResult();
        }

        if (!client.Allows(grantType))
        {
            return new OAuthError("unauthorized_client", "This client may not use this grant type.").ToResult();
        }

        if (Resources.Error(parameters.Resources, authority.Value) is { } target)
        {
            return target.ToResult();
        }

        if ((await proofs.ReadAsync(http.Request, accessToken: null, cancellation)).IsRefused(out error, out var proof))
        {
            return error.ToResult();
        }

        if (client.RequireDpop && proof.Thumbprint is null)
        {
            return OAuthError.InvalidDpopProof("This client's tokens are bound to a key: send a DPoP proof.").ToResult();
        }

        if ((await grant.ExchangeAsync(new TokenRequest(client, parameters, proof.Thumbprint), cancellation)).IsRefused(out error, out var answer))
        {
            return error.ToResult();
        }

        return Results.Json(answer, ProtocolJson.Options);
    }
}

internal static class Resources
{
    /// <summary>There is only one audience (RFC 8707 section 2).</summary>
    public static OAuthError? Error(IReadOnlyList<string> asked, AuthorityOptions authority) =>
        asked.All(r => r == authority.Audience) ? null : new OAuthError("invalid_target", "Tokens are for one resource, and this is another.");
}
