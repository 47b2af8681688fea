using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Proofsheet.Sdk;

namespace Proofsheet.AccountBff.Sessions;

/// <summary>
/// The sessions of this process, keyed by the hash of their cookie, so that the keys cannot be used to sign in. A BFF with several processes would
/// keep them in a shared store, with one lock per session for refreshing.
/// </summary>
internal sealed class SessionStore(AuthorityClient authority, TimeProvider clock, IOptions<BffOptions> options)
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>Starts a session and returns its new secret for the cookie; a secret from the browser is never reused.</summary>
    public async Task<string> StartAsync(CodeAnswer answer, string? studio, CancellationToken cancellation)
    {
        RemoveEnded();
        var store = new MemoryTokenStore();
        var tokens = new UserTokens(authority, store);
        await tokens.SignedInAsync(answer.Tokens, cancellation);
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        _sessions[KeyOf(secret)] = new Session(answer.Who, await ProfileAsync(answer, cancellation), studio, clock.GetUtcNow(), store, tokens);
        return secret;
    }

    // The profile is optional: the session works without a name.
    private async Task<UserInfo?> ProfileAsync(CodeAnswer answer, CancellationToken cancellation)
    {
        try
        {
            return answer.Who.Name is null ? await authority.UserInfoAsync(answer.Tokens, answer.Who.Subject, cancellation) : null;
        }
        catch (AuthorityException)
        {
            return null;
        }
    }

    public Session? Find(string? secret)
    {
        if (string.IsNullOrEmpty(secret) || secret.Length > 100 || !_sessions.TryGetValue(KeyOf(secret), out var session))
        {
            return null;
        }

        var now = clock.GetUtcNow();
        if (HasEnded(session, now))
        {
            _sessions.TryRemove(KeyOf(secret), out _);
            return null;
        }

        session.LastSeenAt = now;
        return session;
    }

    /// <summary>Removes a session, so that requests no longer find it; the caller has to revoke its tokens.</summary>
    public Session? Remove(string? secret) => !string.IsNullOrEmpty(secret) && _sessions.TryRemove(KeyOf(secret), out var session) ? session : null;

    /// <summary>Removes all matching sessions, such as the one, or all of a user, that the authority has ended. Returns how many.</summary>
    public int RemoveWhere(Func<Session, bool> has)
    {
        var ended = _sessions.Where(s => has(s.Value)).ToList();
        return ended.Count(s => _sessions.TryRemove(s));
    }

    private void RemoveEnded()
    {
        var now = clock.GetUtcNow();
        RemoveWhere(s => HasEnded(s, now));
    }

    private bool HasEnded(Session session, DateTimeOffset now) =>
        now - session.LastSeenAt >= options.Value.SessionIdle || now - session.StartedAt >= options.Value.SessionLimit;

    private static string KeyOf(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
