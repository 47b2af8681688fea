using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Identity.Sessions;

/// <summary>The sessions in the database, and the cookie that connects a browser to one.</summary>
internal sealed class UserSessions(IdentityDb db, IOptions<SessionOptions> options, TimeProvider clock) : IUserSessions
{
    // LastSeenAt is written at most this often, because idle time is measured in hours.
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);
    private readonly SessionOptions _options = options.Value;

    public async Task<SignedIn?> CurrentAsync(HttpContext http, CancellationToken cancellation)
    {
        if (http.Items.TryGetValue(typeof(SignedIn), out var known))
        {
            return (SignedIn?)known;
        }

        var found = await FindAsync(http, cancellation);
        http.Items[typeof(SignedIn)] = found;
        return found;
    }

    public async Task<bool> IsLiveAsync(string sessionId, CancellationToken cancellation) =>
        Id<UserSession>.TryRead(sessionId, out var id) && await Live().AnyAsync(s => s.Id == id, cancellation);

    public Task EndAsync(string sessionId, CancellationToken cancellation) =>
        Id<UserSession>.TryRead(sessionId, out var id)
            ? db.Set<UserSession>().Where(s => s.Id == id).ExecuteDeleteAsync(cancellation)
            : Task.CompletedTask;

    /// <summary>Ends the account's sessions except one, and returns their IDs.</summary>
    public async Task<IReadOnlyList<string>> EndAllAsync(string userId, string? except, CancellationToken cancellation)
    {
        _ = Id<UserSession>.TryRead(except, out var stays);
        var ended = await db.Set<UserSession>().Where(s => s.UserId == userId && s.Id != stays).Select(s => s.Id).ToListAsync(cancellation);
        await db.Set<UserSession>().Where(s => s.UserId == userId && s.Id != stays).ExecuteDeleteAsync(cancellation);
        return [.. ended.Select(id => id.ToString())];
    }

    /// <summary>The live sessions of an account, most recently used first.</summary>
    public Task<List<UserSession>> ListAsync(string userId, CancellationToken cancellation) =>
        Live().AsNoTracking().Where(s => s.UserId == userId).OrderByDescending(s => s.LastSeenAt).ToListAsync(cancellation);

    /// <summary>
    /// Signs the browser in with a new secret, so that a planted cookie is worthless. A user who signs in again keeps the session, and with it the
    /// tokens; another user's session in this browser ends, and its ID is returned.
    /// </summary>
    public async Task<(SignedIn Who, string? Ended)> StartAsync(HttpContext http, string userId, IReadOnlyList<string> methods, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var secret = Secret.New();
        var hash = Secret.Hash(secret)!;
        var before = await FindAsync(http, cancellation);
        string? ended = null;
        var session = before?.Subject == userId
            ? await db.Set<UserSession>().SingleOrDefaultAsync(s => s.Id == Id<UserSession>.Parse(before.SessionId, null), cancellation)
            : null;
        if (session is null)
        {
            if (before is not null)
            {
                await EndAsync(before.SessionId, cancellation);
                ended = before.SessionId;
            }

            session = new UserSession
            {
                Id = Id<UserSession>.New(now),
                UserId = userId,
                SecretHash = hash,
                CreatedAt = now,
                AuthenticatedAt = now,
                LastSeenAt = now,
                ExpiresAt = now + _options.Absolute,
                Methods = string.Join(' ', methods),
                Device = Device.Of(http.Request),
                Address = AddressOf(http),
            };
            db.Add(session);
        }
        else
        {
            (session.SecretHash, session.AuthenticatedAt, session.LastSeenAt, session.ExpiresAt) = (hash, now, now, now + _options.Absolute);
            (session.Methods, session.Address) = (string.Join(' ', methods), AddressOf(http));
        }

        await db.SaveChangesAsync(cancellation);
        HostCookie.Set(http, HostCookie.Session, secret, _options.Absolute);
        var who = Of(session);
        http.Items[typeof(SignedIn)] = who;
        return (who, ended);
    }

    /// <summary>Only removes the cookie; <see cref="EndAsync"/> removes the row.</summary>
    public static void Forget(HttpContext http)
    {
        HostCookie.Clear(http, HostCookie.Session);
        http.Items[typeof(SignedIn)] = null;
    }

    /// <summary>Whether the user signed in recently, which changing credentials requires.</summary>
    public bool IsFresh(SignedIn who) => clock.GetUtcNow() - who.AuthenticatedAt <= _options.Fresh;

    private async Task<SignedIn?> FindAsync(HttpContext http, CancellationToken cancellation)
    {
        if (Secret.Hash(http.Request.Cookies[HostCookie.Session]) is not { } hash)
        {
            return null;
        }

        var session = await Live().AsNoTracking().SingleOrDefaultAsync(s => s.SecretHash == hash, cancellation);
        if (session is null)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        if (now - session.LastSeenAt >= SeenEvery)
        {
            var address = AddressOf(http);
            await db.Set<UserSession>().Where(s => s.Id == session.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now).SetProperty(s => s.Address, address), cancellation);
        }

        return Of(session);
    }

    private IQueryable<UserSession> Live()
    {
        var now = clock.GetUtcNow();
        var idleSince = now - _options.Idle;
        return db.Set<UserSession>().Where(s => s.ExpiresAt > now && s.LastSeenAt > idleSince
            && db.Set<User>().Any(u => u.Id == s.UserId && u.DisabledAt == null));
    }

    private static SignedIn Of(UserSession session) =>
        new(session.UserId, session.Id.ToString(), session.AuthenticatedAt, session.Methods.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        var address => new IPAddress(address.GetAddressBytes()).ToString(),
    };
}
