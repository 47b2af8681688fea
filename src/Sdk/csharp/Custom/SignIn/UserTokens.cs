namespace Proofsheet.Sdk;

/// <summary>The tokens of someone who signed in, refreshed as long as the authority lets them (RFC 6749 section 6, with rotation).</summary>
/// <param name="authority">The client that they were given to.</param>
/// <param name="store">Where they are kept: memory, a file (<see cref="FileTokenStore"/>) or one of your own.</param>
public class UserTokens(AuthorityClient authority, ITokenStore? store = null) : TokenSource(authority, store)
{
    /// <summary>Someone signed in: these are theirs.</summary>
    public Task SignedInAsync(TokenSet tokens, CancellationToken cancellationToken = default) => KeepAsync(tokens, cancellationToken);

    /// <summary>Forgets the tokens, and takes them back at the authority. When that cannot be reached they end by themselves.</summary>
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
                // Who signs out is signed out here either way.
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
            // Signed out elsewhere, too long away, or used up: signing in again is the way on.
            return null;
        }
    }
}
