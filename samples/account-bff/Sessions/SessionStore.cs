using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Proofsheet.Sdk;

namespace Proofsheet.AccountBff.Sessions;

/// <summary>
/// The sessions of this process, by the hash of their cookie: who reads this memory's keys cannot sign in with them. A BFF of several
/// processes keeps them in a store that all share, with one lock a session for refreshing.
/// </summary>
internal sealed class SessionStore(AuthorityClient authority, TimeProvider clock, IOptions<BffOptions> options)
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>A new session under a new secret, which is returned for the cookie: never one that a browser brought along.</summary>
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

    // A name is a courtesy: without it, the session is as good.
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

    /// <summary>Takes it out, so that no request finds it any more; its tokens are the caller's to revoke.</summary>
    public Session? Remove(string? secret) => !string.IsNullOrEmpty(secret) && _sessions.TryRemove(KeyOf(secret), out var session) ? session : null;

    /// <summary>The authority says that a session, or all of a person, has ended.</summary>
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
