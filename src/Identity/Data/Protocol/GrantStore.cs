using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Shared.Database;

namespace Proofsheet.Identity.Data.Protocol;

internal sealed class GrantStore(IdentityDb db) : IGrantStore
{
    public async Task PutAsync(Grant grant, CancellationToken cancellation)
    {
        db.Add(grant);
        await db.SaveChangesAsync(cancellation);
    }

    public Task<Grant?> FindAsync(GrantKind kind, string key, CancellationToken cancellation) =>
        db.Set<Grant>().AsNoTracking().SingleOrDefaultAsync(g => g.Key == key && g.Kind == kind, cancellation);

    // Condition and change are one statement, so that only one of several concurrent callers changes the row; the others match no row.
    public async Task<bool> TryConsumeAsync(GrantKind kind, string key, DateTimeOffset now, CancellationToken cancellation) =>
        await db.Set<Grant>().Where(g => g.Key == key && g.Kind == kind && g.ConsumedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.ConsumedAt, now), cancellation) == 1;

    public Task KeepAnswerAsync(string key, byte[] answer, CancellationToken cancellation) =>
        db.Set<Grant>().Where(g => g.Key == key && g.Kind == GrantKind.RefreshToken).ExecuteUpdateAsync(set => set.SetProperty(g => g.Answer, answer), cancellation);

    public async Task<bool> UpdateAsync(GrantKind kind, string key, string data, CancellationToken cancellation) =>
        await db.Set<Grant>().Where(g => g.Key == key && g.Kind == kind && g.ConsumedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.Data, data), cancellation) == 1;

    public async Task PutFamilyAsync(GrantFamily family, CancellationToken cancellation)
    {
        db.Add(family);
        await db.SaveChangesAsync(cancellation);
    }

    public Task<GrantFamily?> FindFamilyAsync(string id, CancellationToken cancellation) =>
        db.Set<GrantFamily>().AsNoTracking().SingleOrDefaultAsync(f => f.Id == id, cancellation);

    // An update that changes nothing still locks the row, in each of the three databases.
    public async Task<bool> HoldFamilyAsync(string id, DateTimeOffset now, CancellationToken cancellation) =>
        await db.Set<GrantFamily>().Where(f => f.Id == id && f.RevokedAt == null && f.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.RevokedAt, f => f.RevokedAt), cancellation) == 1;

    public async Task<bool> RevokeFamilyAsync(string id, DateTimeOffset now, CancellationToken cancellation) =>
        (await RevokeAsync(db.Set<GrantFamily>().Where(f => f.Id == id), now, cancellation)).Count == 1;

    public Task<IReadOnlyList<GrantFamily>> RevokeSessionAsync(string sessionId, DateTimeOffset now, CancellationToken cancellation) =>
        RevokeAsync(db.Set<GrantFamily>().Where(f => f.SessionId == sessionId), now, cancellation);

    public Task<IReadOnlyList<GrantFamily>> RevokeSubjectAsync(string subject, string? exceptSession, DateTimeOffset now, CancellationToken cancellation) =>
        RevokeAsync(db.Set<GrantFamily>().Where(f => f.Subject == subject && (exceptSession == null || f.SessionId == null || f.SessionId != exceptSession)), now, cancellation);

    public Task<IReadOnlyList<GrantFamily>> RevokeClientAsync(string clientId, string? subject, DateTimeOffset now, CancellationToken cancellation) =>
        RevokeAsync(db.Set<GrantFamily>().Where(f => f.ClientId == clientId && (subject == null || f.Subject == subject)), now, cancellation);

    public Task<T> AtomicallyAsync<T>(Func<Task<T>> work, CancellationToken cancellation) => db.InTransactionAsync(work, cancellation);

    private static async Task<IReadOnlyList<GrantFamily>> RevokeAsync(IQueryable<GrantFamily> families, DateTimeOffset now, CancellationToken cancellation)
    {
        var live = families.Where(f => f.RevokedAt == null && f.ExpiresAt > now);
        var found = await live.AsNoTracking().ToListAsync(cancellation);
        if (found.Count > 0)
        {
            await live.ExecuteUpdateAsync(set => set.SetProperty(f => f.RevokedAt, now), cancellation);
        }

        return found;
    }
}

internal sealed class OnceStore(IdentityDb db) : IOnceStore
{
    public Task<bool> TryAddAsync(string purpose, string value, DateTimeOffset until, CancellationToken cancellation) =>
        db.TryAddAsync(new UsedOnce { Key = Key(purpose, value), ExpiresAt = until }, cancellation);

    public Task<bool> ContainsAsync(string purpose, string value, CancellationToken cancellation)
    {
        var key = Key(purpose, value);
        return db.Set<UsedOnce>().AnyAsync(u => u.Key == key, cancellation);
    }

    // The purpose contains no colon, so different pairs never produce the same text.
    private static string Key(string purpose, string value) => Identity.Protocol.Web.Handles.Hash($"{purpose}:{value}");
}

internal sealed class ConsentStore(IdentityDb db) : IConsentStore
{
    public async Task<IReadOnlyList<string>> ScopesAsync(string subject, string clientId, CancellationToken cancellation) =>
        (await db.Set<Consent>().AsNoTracking().SingleOrDefaultAsync(c => c.Subject == subject && c.ClientId == clientId, cancellation))?.Scopes ?? [];

    public async Task PutAsync(string subject, string clientId, IReadOnlyList<string> scopes, DateTimeOffset now, CancellationToken cancellation)
    {
        var consent = await db.Set<Consent>().SingleOrDefaultAsync(c => c.Subject == subject && c.ClientId == clientId, cancellation);
        if (consent is null)
        {
            db.Add(new Consent { Subject = subject, ClientId = clientId, Scopes = scopes, GrantedAt = now });
        }
        else
        {
            consent.Scopes = [.. consent.Scopes.Union(scopes, StringComparer.Ordinal)];
            consent.GrantedAt = now;
        }

        await db.SaveChangesAsync(cancellation);
    }

    public async Task<IReadOnlyList<(string ClientId, IReadOnlyList<string> Scopes, DateTimeOffset GrantedAt)>> ListAsync(string subject, CancellationToken cancellation) =>
        [.. (await db.Set<Consent>().AsNoTracking().Where(c => c.Subject == subject).OrderBy(c => c.GrantedAt).ToListAsync(cancellation)).Select(c => (c.ClientId, c.Scopes, c.GrantedAt))];

    public Task RemoveAsync(string subject, string clientId, CancellationToken cancellation) =>
        db.Set<Consent>().Where(c => c.Subject == subject && c.ClientId == clientId).ExecuteDeleteAsync(cancellation);
}
