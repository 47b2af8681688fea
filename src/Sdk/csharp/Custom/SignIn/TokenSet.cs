using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>What the authority gave. Secrets, all of it: <see cref="ToString"/> shows none.</summary>
public sealed record TokenSet
{
    /// <summary>For the API.</summary>
    public required string AccessToken { get; init; }

    /// <summary>For new tokens at the authority, once.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>Who signed in, as a signed statement; kept for signing out.</summary>
    public string? IdToken { get; init; }

    /// <summary>By this machine's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>By this machine's clock.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>What was granted, with spaces; null when it is what was asked for.</summary>
    public string? Scope { get; init; }

    /// <summary>With a minute left, or a quarter of a short life: a call that starts now ends before the token does.</summary>
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
