namespace Proofsheet.Sdk;

/// <summary>The tokens of a signed-in user, refreshed for as long as the authority allows (RFC 6749 section 6, with rotation).</summary>
/// <param name="authority">The client that the tokens were issued to.</param>
/// <param name="store">Where the tokens are kept: memory (the default), a file (<see cref="FileTokenStore"/>) or your own store.</param>
public class UserTokens(AuthorityClient authority, ITokenStore? store = null) : TokenSource(authority, store)
{
    /// <summary>Stores the tokens of a user who has just signed in.</summary>
    public Task SignedInAsync(TokenSet tokens, CancellationToken cancellationToken = default) => KeepAsync(tokens, cancellationToken);

    /// <summary>Forgets the tokens and revokes them. If the authority cannot be reached, they expire by themselves.</summary>
    public async Task SignOutAsync(CancellationToken cancellationToken = default)
    {
        if (await ForgetAsync(cancellationToken).ConfigureAwait(false) is { } tokens)
        {
            try
            {
                await Authority.RevokeAsync(tokens, cancellationToken).ConfigureAwait(false);
            }
            catch (AuthorityException)
            {
                // Locally the user is signed out either way.
            }
        }
    }

    private protected override async Task<TokenSet?> RenewAsync(TokenSet? old, CancellationToken cancellationToken)
    {
        if (old?.RefreshToken is null)
        {
            return null;
        }

        try
        {
            return await Authority.RefreshAsync(old, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthorityException e) when (e.Error == "invalid_grant")
        {
            // Signed out elsewhere, expired, or already used: the user has to sign in again.
            return null;
        }
    }
}
