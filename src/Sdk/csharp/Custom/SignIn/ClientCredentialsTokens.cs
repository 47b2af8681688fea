namespace Proofsheet.Sdk;

/// <summary>
/// Tokens for a server that acts for itself (RFC 6749 section 4.4): a registered client of a studio, with its secret or key.
/// </summary>
/// <param name="authority">The client and its <see cref="AuthorityOptions.Authentication"/>.</param>
/// <param name="store">Where the token is kept, possibly shared between processes; default: the memory of this process.</param>
public sealed class ClientCredentialsTokens(AuthorityClient authority, ITokenStore? store = null) : TokenSource(authority, store)
{
    private protected override async Task<TokenSet?> RenewAsync(TokenSet? old, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        if (Authority.Options.Scope is { } scope)
        {
            form["scope"] = scope;
        }

        return await Authority.RequestTokensAsync(form, cancellationToken).ConfigureAwait(false);
    }
}
