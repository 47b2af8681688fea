using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Web;

namespace Proofsheet.Identity.Protocol.Tokens;

/// <summary>A client acting for itself (RFC 6749 section 4.4). There is no user, so no ID token, no userinfo and no refresh token.</summary>
internal sealed class ClientCredentialsGrant(TokenIssuer issuer) : IExtensionGrant
{
    private static readonly string[] OfPersons = [KnownScopes.OpenId, KnownScopes.Profile, KnownScopes.Email, KnownScopes.OfflineAccess];

    public string GrantType => GrantTypes.ClientCredentials;

    public async Task<Outcome<TokenAnswer>> ExchangeAsync(TokenRequest request, CancellationToken cancellation)
    {
        var allowed = request.Client.Scopes.Except(OfPersons, StringComparer.Ordinal).ToList();
        var scopes = request.Parameters["scope"] is { } asked ? KnownScopes.Split(asked) : allowed;
        if (scopes.Count == 0 || scopes.Except(allowed, StringComparer.Ordinal).Any())
        {
            return OAuthError.InvalidScope("The client may not have one of these scopes for itself.");
        }

        return await issuer.IssueAsync(request.Client, scopes, request.Jkt, cancellation);
    }
}
