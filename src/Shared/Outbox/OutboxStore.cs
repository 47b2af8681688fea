using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Shared.Outbox;

/// <summary>Claims and finishes messages, each in one statement, so that two processes never hold the same message.</summary>
internal sealed class OutboxStore(DbContext db, OutboxHandlers handlers)
{
    // Claimed with SKIP LOCKED (PostgreSQL) or READPAST (SQL Server); SQLite has a single writer anyway.
    private const string Due = "done_at IS NULL AND dead_at IS NULL AND due_at <= {0} AND (lease_until IS NULL OR lease_until < {0})";

    /// <summary>Claims the next due message whose event and handler this program knows, and counts an attempt.</summary>
    public async Task<OutboxMessage?> ClaimAsync(string owner, DateTimeOffset now, TimeSpan lease, CancellationToken cancellation)
    {
        var claimed = await ClaimedId().FormatAsync(db, now.UtcDateTime, owner, (now + lease).UtcDateTime, cancellation);
        return claimed is null
            ? null
            : await db.Set<OutboxMessage>().AsNoTracking().SingleAsync(m => m.Id == Id<OutboxMessage>.FromStored(claimed), cancellation);
    }

    public Task<int> RenewAsync(OutboxMessage message, string owner, DateTimeOffset until, CancellationToken cancellation) =>
        Held(message, owner).ExecuteUpdateAsync(set => set.SetProperty(m => m.LeaseUntil, until), cancellation);

    public Task<int> DoneAsync(OutboxMessage message, string owner, DateTimeOffset now, CancellationToken cancellation) =>
        Held(message, owner).ExecuteUpdateAsync(set => set
            .SetProperty(m => m.DoneAt, now)
            .EndLease(), cancellation);

    public Task<int> FailedAsync(OutboxMessage message, string owner, string error, DateTimeOffset dueAt, DateTimeOffset? deadAt, CancellationToken cancellation) =>
        Held(message, owner).ExecuteUpdateAsync(set => set
            .SetProperty(m => m.LastError, error)
            .SetProperty(m => m.DueAt, dueAt)
            .SetProperty(m => m.DeadAt, deadAt)
            .EndLease(), cancellation);

    /// <summary>Returns a message that was not handled, so that the attempt does not count and another process can claim it at once.</summary>
    public Task<int> GiveBackAsync(OutboxMessage message, string owner, CancellationToken cancellation) =>
        Held(message, owner).ExecuteUpdateAsync(set => set
            .SetProperty(m => m.Attempts, m => m.Attempts - 1)
            .EndLease(), cancellation);

    /// <summary>Creates one row per handler of an event and ends the event's own row, in one transaction.</summary>
    public async Task ShareOutAsync(OutboxMessage message, string owner, IEnumerable<string> names, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await DoneAsync(message, owner, now, cancellation) == 0)
        {
            return;
        }

        foreach (var name in names)
        {
            db.Add(new OutboxMessage
            {
                Id = Id<OutboxMessage>.New(now),
                Tenant = message.Tenant,
                Event = message.Event,
                IsBulk = message.IsBulk,
                Handler = name,
                Payload = message.Payload,
                CreatedAt = message.CreatedAt,
                DueAt = now,
            });
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public Task<int> SweepAsync(DateTimeOffset doneBefore, CancellationToken cancellation) =>
        db.Set<OutboxMessage>().Where(m => m.DoneAt < doneBefore).ExecuteDeleteAsync(cancellation);

    /// <summary>The events of messages that became due before this time and that this program does not know.</summary>
    public Task<List<string>> UnknownEventsAsync(DateTimeOffset dueBefore, CancellationToken cancellation) => db.Set<OutboxMessage>()
        .Where(m => m.DoneAt == null && m.DeadAt == null && m.DueAt < dueBefore && !handlers.Events.Contains(m.Event))
        .Select(m => m.Event).Distinct().OrderBy(e => e).Take(10).ToListAsync(cancellation);

    private IQueryable<OutboxMessage> Held(OutboxMessage message, string owner) =>
        db.Set<OutboxMessage>().Where(m => m.Id == message.Id && m.LeaseOwner == owner && m.DoneAt == null);

    private string ClaimedId() => db.Database.ProviderName switch
    {
        "Microsoft.EntityFrameworkCore.SqlServer" =>
            $"WITH next AS (SELECT TOP (1) * FROM outbox_messages WITH (ROWLOCK, READPAST, UPDLOCK) WHERE {Due} AND {handlers.KnownRows} ORDER BY is_bulk, due_at, id) "
            + "UPDATE next SET lease_owner = {1}, lease_until = {2}, attempts = attempts + 1 OUTPUT inserted.id AS Value",
        "Npgsql.EntityFrameworkCore.PostgreSQL" =>
            "UPDATE outbox_messages SET lease_owner = {1}, lease_until = {2}, attempts = attempts + 1 "
            + $"WHERE id = (SELECT id FROM outbox_messages WHERE {Due} AND {handlers.KnownRows} ORDER BY is_bulk, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id AS \"Value\"",
        _ =>
            "UPDATE outbox_messages SET lease_owner = {1}, lease_until = {2}, attempts = attempts + 1 "
            + $"WHERE id = (SELECT id FROM outbox_messages WHERE {Due} AND {handlers.KnownRows} ORDER BY is_bulk, due_at, id LIMIT 1) RETURNING id AS Value",
    };
}

file static class Claiming
{
    public static UpdateSettersBuilder<OutboxMessage> EndLease(this UpdateSettersBuilder<OutboxMessage> set) => set
        .SetProperty(m => m.LeaseOwner, (string?)null)
        .SetProperty(m => m.LeaseUntil, (DateTimeOffset?)null);

    public static async Task<string?> FormatAsync(this string sql, DbContext db, DateTime now, string owner, DateTime until, CancellationToken cancellation)
    {
#pragma warning disable EF1002 // The statements are made of constants of the program; the values are parameters.
        var ids = await db.Database.SqlQueryRaw<string>(sql, now, owner, until).ToListAsync(cancellation);
#pragma warning restore EF1002
        return ids.SingleOrDefault();
    }
}
