using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>The tokens that the authority issued. They are secrets, so <see cref="ToString"/> does not show them.</summary>
public sealed record TokenSet
{
    /// <summary>The token for the API.</summary>
    public required string AccessToken { get; init; }

    /// <summary>Gets new tokens from the authority; works once.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>The signed statement of who signed in; kept for signing out.</summary>
    public string? IdToken { get; init; }

    /// <summary>When the access token expires, by this machine's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the tokens were received, by this machine's clock.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The granted scopes, separated by spaces; null when they are those that were requested.</summary>
    public string? Scope { get; init; }

    /// <summary>At least a minute left, or a quarter of a short lifetime, so that a call that starts now ends before the token expires.</summary>
    internal bool IsFresh(DateTimeOffset now)
    {
        var quarter = TimeSpan.FromTicks((ExpiresAt - IssuedAt).Ticks / 4);
        return ExpiresAt - now > (quarter < TimeSpan.FromMinutes(1) ? quarter : TimeSpan.FromMinutes(1));
    }

    internal static TokenSet Read(JsonElement answer, DateTimeOffset askedAt, TokenSet? before)
    {
        if (Json.Text(answer, "access_token") is not { Length: > 0 } access || !"Bearer".Equals(Json.Text(answer, "token_type"), StringComparison.OrdinalIgnoreCase))
        {
            throw new AuthorityException("bad_answer", "The authority answered no bearer token.");
        }

        return new TokenSet
        {
            AccessToken = access,
            RefreshToken = Json.Text(answer, "refresh_token") ?? before?.RefreshToken,
            IdToken = Json.Text(answer, "id_token") ?? before?.IdToken,
            IssuedAt = askedAt,
            ExpiresAt = askedAt.AddSeconds(Json.Number(answer, "expires_in") is > 0 and <= 365 * 24 * 3600 and var seconds ? seconds : 300),
            Scope = Json.Text(answer, "scope") ?? before?.Scope,
        };
    }

    /// <inheritdoc />
    public override string ToString() => $"tokens until {ExpiresAt:O}{(RefreshToken is null ? "" : ", with refresh")}";
}
