using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Auth;
using Proofsheet.Api.Auth.ApiKeys;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Visitors;

internal sealed record VisitResponse
{
    /// <summary>The visitor's credential, sent as Authorization: Bearer.</summary>
    public required string Token { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>
    /// Gets the next token without the gallery's secret, also after the browser was closed: see `RefreshVisit`. It stays the same for the whole session.
    /// Null if the device is not to be remembered, or keeps the refresh token that it has.
    /// </summary>
    public required string? RefreshToken { get; init; }

    /// <summary>When the refresh token ends, unless it is used before.</summary>
    public required DateTimeOffset SessionEndsAt { get; init; }

    public required Id<VisitorSession> SessionId { get; init; }

    public required Id<Visitor> VisitorId { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required string GallerySlug { get; init; }
}

/// <summary>Begins, continues and finds the sessions of visitors.</summary>
internal sealed class VisitorSessions(ProofsheetDb db, VisitorTokens tokens, IHttpContextAccessor http, IOptions<AccessOptions> access, TimeProvider clock)
{
    /// <summary>
    /// The live session of a refresh token or a valid token in this gallery, tracked, and whether that also proves to know the gallery's present secret: a
    /// token proves the version for which it was issued, and no later one that its session has reached since.
    /// </summary>
    public async Task<(VisitorSession? Session, bool IsInside)> FindAsync(Gallery gallery, string? token, string? refreshToken, CancellationToken cancellation)
    {
        var (session, version) = refreshToken is not null && await FindAsync(refreshToken, cancellation) is { } refreshed
            ? (refreshed, refreshed.AccessVersion)
            : await OfTokenAsync(token, cancellation);
        return session is not null && session.GalleryId == gallery.Id && session.IsLiveAt(clock.GetUtcNow()) ? (session, version == gallery.AccessVersion) : (null, false);
    }

    /// <summary>The session of a refresh token, live or not, tracked.</summary>
    public async Task<VisitorSession?> FindAsync(string refreshToken, CancellationToken cancellation)
    {
        var hash = KeyText.LooksRight(refreshToken) ? KeyText.Hash(refreshToken) : null;
        return hash is null ? null : await db.Set<VisitorSession>().SingleOrDefaultAsync(s => s.RefreshHash == hash, cancellation);
    }

    public VisitorSession Begin(Gallery gallery, Visitor visitor)
    {
        var now = clock.GetUtcNow();
        var agent = http.HttpContext!.Request.Headers.UserAgent.ToString();
        var session = new VisitorSession
        {
            Id = Id<VisitorSession>.New(now),
            GalleryId = gallery.Id,
            VisitorId = visitor.Id,
            AccessVersion = gallery.AccessVersion,
            Device = agent.Length == 0 ? null : OneLine.Of(agent[..Math.Min(agent.Length, VisitorSession.MaxDeviceLength)]),
            CreatedAt = now,
            LastSeenAt = now,
            EndsAt = now,
        };
        db.Add(session);
        return session;
    }

    /// <summary>Extends the session, saves everything that is tracked, and issues a token.</summary>
    /// <param name="gallery">The gallery, which is open.</param>
    /// <param name="session">The session, tracked.</param>
    /// <param name="refreshToken">The refresh token that was sent, if any: it keeps working.</param>
    /// <param name="remember">Whether the device gets a refresh token; null if that stays as it is.</param>
    /// <param name="cancellation">Cancels the saving.</param>
    public async Task<Ok<VisitResponse>> IssueAsync(Gallery gallery, VisitorSession session, string? refreshToken, bool? remember, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (remember == false)
        {
            (refreshToken, session.RefreshHash) = (null, null);
        }
        else if (remember == true && (refreshToken is null || KeyText.Hash(refreshToken) != session.RefreshHash))
        {
            refreshToken = KeyText.Create(VisitorSession.RefreshPrefix);
            session.RefreshHash = KeyText.Hash(refreshToken);
        }

        var tokenEnds = Soonest(now.AddHours(access.Value.VisitorTokenHours), gallery.ExpiresAt);
        session.LastSeenAt = now;
        // Not ended by the gallery's expiry, which the studio may extend.
        session.EndsAt = session.RefreshHash is not null ? now.AddDays(access.Value.VisitorSessionDays) : tokenEnds;
        await db.SaveChangesAsync(cancellation);
        // Updated without the tracked row, because a visit is not a change that should appear in the audit trail or alter the ETag.
        await db.Set<Visitor>().Where(v => v.Id == session.VisitorId).ExecuteUpdateAsync(set => set.SetProperty(v => v.LastSeenAt, now), cancellation);

        var grant = new VisitorGrant
        {
            Tenant = gallery.TenantId,
            SessionId = session.Id.ToString(),
            AccessVersion = session.AccessVersion,
            Scopes = Scopes.OfVisitors,
            ExpiresAt = tokenEnds,
        };
        return TypedResults.Ok(new VisitResponse
        {
            Token = tokens.Write(grant),
            ExpiresAt = grant.ExpiresAt,
            RefreshToken = refreshToken,
            SessionEndsAt = session.EndsAt,
            SessionId = session.Id,
            VisitorId = session.VisitorId,
            GalleryId = gallery.Id,
            GallerySlug = gallery.Slug,
        });
    }

    private async Task<(VisitorSession? Session, int AccessVersion)> OfTokenAsync(string? token, CancellationToken cancellation) =>
        token is not null && tokens.Read(token) is { SessionId: not null } grant && grant.ExpiresAt > clock.GetUtcNow() && Id<VisitorSession>.TryRead(grant.SessionId, out var id)
            ? (await db.Set<VisitorSession>().SingleOrDefaultAsync(s => s.Id == id, cancellation), grant.AccessVersion)
            : (null, 0);

    private static DateTimeOffset Soonest(DateTimeOffset a, DateTimeOffset? b) => b < a ? b.Value : a;
}
