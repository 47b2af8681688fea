namespace Proofsheet.Sdk;

/// <summary>
/// A server acting for itself (RFC 6749 section 4.4): the client that a studio registered, with its secret or its key.
/// </summary>
/// <param name="authority">The client and its <see cref="AuthorityOptions.Authentication"/>.</param>
/// <param name="store">Where processes share a token; default: the memory of this one.</param>
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
