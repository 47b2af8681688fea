using Proofsheet.Sdk;

namespace Proofsheet.AccountBff.Sessions;

/// <summary>A signed-in user. The tokens stay in this process; the browser only has a random cookie.</summary>
internal sealed class Session(IdToken who, UserInfo? profile, string? studio, DateTimeOffset now, ITokenStore store, UserTokens tokens)
{
    public IdToken Who { get; } = who;

    public string? Name { get; } = profile?.Name ?? who.Name;

    public string? Email { get; } = profile?.Email ?? who.Email;

    /// <summary>The slug of the studio that the tokens are for; null before one is chosen.</summary>
    public string? Studio { get; } = studio;

    public DateTimeOffset StartedAt { get; } = now;

    public DateTimeOffset LastSeenAt { get; set; } = now;

    /// <summary>Refreshes the tokens once for all concurrent requests of this session.</summary>
    public UserTokens Tokens { get; } = tokens;

    public ITokenStore Store { get; } = store;

    /// <summary>Whether the authority issues no more tokens. One that cannot be reached has ended nothing.</summary>
    public async Task<bool> HasEndedAsync(CancellationToken cancellation)
    {
        try
        {
            return await Tokens.GetTokenAsync(cancellation) is null;
        }
        catch (AuthorityException)
        {
            return false;
        }
    }
}
