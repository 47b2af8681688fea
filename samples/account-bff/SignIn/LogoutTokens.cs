using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Proofsheet.AccountBff.SignIn;

/// <summary>Which sessions have ended: one by its ID, or all of a user.</summary>
internal sealed record EndedSession(string? SessionId, string? Subject);

/// <summary>Validates logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.6). Anyone can post one, so everything is checked.</summary>
internal sealed class LogoutTokens(AuthorityKeys keys, IOptions<BffOptions> options, TimeProvider clock)
{
    private const string LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);

    public async Task<EndedSession?> ReadAsync(string text, CancellationToken cancellation)
    {
        if (await keys.VerifyAsync(text, "logout+jwt", options.Value.ClientId, Skew, cancellation) is not { } claims)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var (session, subject) = (Text(claims, "sid"), Text(claims, "sub"));
        if (claims.TryGetProperty("nonce", out _)
            || Time(claims, "iat") is not { } issued || issued - Skew > now || now - issued > LongestLife
            || !claims.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Object || !events.TryGetProperty(LogoutEvent, out var about) || about.ValueKind != JsonValueKind.Object
            || (session is null && subject is null)
            || Text(claims, "jti") is not { Length: > 0 and <= 200 } id || !IsNew(id, now))
        {
            return null;
        }

        return new EndedSession(session, subject);
    }

    // Only tokens that passed every other check are remembered, so attackers cannot fill this.
    private bool IsNew(string id, DateTimeOffset now)
    {
        foreach (var old in _seen.Where(s => now - s.Value > LongestLife + Skew))
        {
            _seen.TryRemove(old);
        }

        return _seen.TryAdd(id, now);
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is > 0 and < 1L << 36
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
