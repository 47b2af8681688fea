using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Outbox;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Identity.Data.Protocol;

internal sealed class SigningKeyStore(IdentityDb db) : ISigningKeyStore
{
    public async Task<IReadOnlyList<StoredSigningKey>> ListAsync(CancellationToken cancellation) =>
        await db.Set<StoredSigningKey>().AsNoTracking().ToListAsync(cancellation);

    public Task<bool> TryAddAsync(StoredSigningKey key, CancellationToken cancellation) => db.TryAddAsync(key, cancellation);

    public async Task<bool> WithdrawAsync(string kid, DateTimeOffset now, CancellationToken cancellation) =>
        await db.Set<StoredSigningKey>().Where(k => k.Kid == kid && k.WithdrawnAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.WithdrawnAt, now), cancellation) == 1;

    public Task RemoveAsync(string kid, CancellationToken cancellation) =>
        db.Set<StoredSigningKey>().Where(k => k.Kid == kid).ExecuteDeleteAsync(cancellation);
}

internal sealed class DeviceStore(IdentityDb db) : IDeviceStore
{
    public Task<bool> TryAddAsync(DeviceGrant grant, CancellationToken cancellation) => db.TryAddAsync(grant, cancellation);

    public Task<DeviceGrant?> FindAsync(string key, CancellationToken cancellation) =>
        db.Set<DeviceGrant>().AsNoTracking().SingleOrDefaultAsync(d => d.Key == key, cancellation);

    public Task<DeviceGrant?> FindByUserCodeAsync(string userCodeHash, CancellationToken cancellation) =>
        db.Set<DeviceGrant>().AsNoTracking().SingleOrDefaultAsync(d => d.UserCodeHash == userCodeHash, cancellation);

    public async Task<bool> TryMoveAsync(string key, DeviceStatus from, DeviceStatus to, string? data, DateTimeOffset now, CancellationToken cancellation) =>
        await db.Set<DeviceGrant>().Where(d => d.Key == key && d.Status == from && d.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.Status, to).SetProperty(d => d.Data, d => data ?? d.Data), cancellation) == 1;

    public async Task<bool> PollAsync(DeviceGrant grant, DateTimeOffset now, CancellationToken cancellation)
    {
        var last = now.AddSeconds(-grant.IntervalSeconds);
        var inTime = await db.Set<DeviceGrant>().Where(d => d.Key == grant.Key && (d.LastPolledAt == null || d.LastPolledAt <= last))
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.LastPolledAt, now), cancellation) == 1;
        if (!inTime)
        {
            await db.Set<DeviceGrant>().Where(d => d.Key == grant.Key)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.LastPolledAt, now).SetProperty(d => d.IntervalSeconds, d => d.IntervalSeconds + 5), cancellation);
        }

        return inTime;
    }
}

internal sealed class SecurityLog(IdentityDb db, TimeProvider clock, IHttpContextAccessor http) : ISecurityLog
{
    public async Task AddAsync(string what, string? clientId, string? subject, CancellationToken cancellation, string? sessionId = null, string? detail = null)
    {
        db.Add(new SecurityLogEntry
        {
            At = clock.GetUtcNow(),
            What = what,
            ClientId = clientId,
            Subject = subject,
            SessionId = sessionId,
            Address = http.HttpContext?.Connection.RemoteIpAddress?.ToString(),
            Detail = detail,
        });
        await db.SaveChangesAsync(cancellation);
    }
}

internal sealed class OutboxPublisher(IdentityDb db, TimeProvider clock) : IOutboxPublisher
{
    public async Task PublishAsync<TEvent>(TEvent happened, CancellationToken cancellation)
        where TEvent : IOutboxEvent
    {
        db.Publish(OutboxOwner.Authority, happened, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellation);
    }
}

internal sealed class ExpiredRows(IdentityDb db) : IExpiredRows
{
    /// <summary>How long expired rows are kept, so that a late replay is still recognized.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromDays(1);

    private static readonly TimeSpan KeepLog = TimeSpan.FromDays(400);

    public async Task<int> RemoveAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var before = now - Keep;
        var logBefore = now - KeepLog;
        return await db.Set<Grant>().Where(g => g.ExpiresAt < before).ExecuteDeleteAsync(cancellation)
            + await db.Set<GrantFamily>().Where(f => f.ExpiresAt < before).ExecuteDeleteAsync(cancellation)
            + await db.Set<DeviceGrant>().Where(d => d.ExpiresAt < before).ExecuteDeleteAsync(cancellation)
            + await db.Set<UsedOnce>().Where(u => u.ExpiresAt < before).ExecuteDeleteAsync(cancellation)
            + await db.Set<SecurityLogEntry>().Where(e => e.At < logBefore).ExecuteDeleteAsync(cancellation);
    }
}

internal static class ProtocolStores
{
    public static IServiceCollection AddProtocolStores(this IServiceCollection services) => services
        .AddScoped<IGrantStore, GrantStore>()
        .AddScoped<IOnceStore, OnceStore>()
        .AddScoped<IConsentStore, ConsentStore>()
        .AddScoped<IClientStore, ClientStore>()
        .AddScoped<IRegisteredClients, ClientStore>()
        .AddScoped<ISigningKeyStore, SigningKeyStore>()
        .AddScoped<IDeviceStore, DeviceStore>()
        .AddScoped<ISecurityLog, SecurityLog>()
        .AddScoped<IOutboxPublisher, OutboxPublisher>()
        .AddScoped<IExpiredRows, ExpiredRows>();
}
