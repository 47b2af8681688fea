using Proofsheet.Sdk;

namespace Proofsheet.AccountBff.Sessions;

/// <summary>Someone who is signed in here. The tokens stay in this process: the browser has a random cookie and nothing else.</summary>
internal sealed class Session(IdToken who, UserInfo? profile, string? studio, DateTimeOffset now, ITokenStore store, UserTokens tokens)
{
    public IdToken Who { get; } = who;

    public string? Name { get; } = profile?.Name ?? who.Name;

    public string? Email { get; } = profile?.Email ?? who.Email;

    /// <summary>The slug of the studio that the tokens work in; null before one is chosen.</summary>
    public string? Studio { get; } = studio;

    public DateTimeOffset StartedAt { get; } = now;

    public DateTimeOffset LastSeenAt { get; set; } = now;

    /// <summary>Refreshes for all requests of this session at once.</summary>
    public UserTokens Tokens { get; } = tokens;

    public ITokenStore Store { get; } = store;
}
