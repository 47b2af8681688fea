using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Shared.Outbox;

/// <summary>Claims and finishes messages, each in one statement, so that two processes never hold the same message.</summary>
internal sealed class OutboxStore(DbContext db, OutboxHandlers handlers, OutboxTurns turns)
{
    /// <summary>
    /// Claims the next due message whose event and handler this program knows, and counts an attempt. Studios take turns; a studio's own messages come
    /// in the order in which they are due, deferred ones after its others. End the turn with <see cref="OutboxTurns.End"/> when the message is done with.
    /// </summary>
    public async Task<OutboxMessage?> ClaimAsync(string owner, DateTimeOffset now, TimeSpan lease, CancellationToken cancellation, OutboxWork work = OutboxWork.InteractiveFirst)
    {
        var sql = handlers.SqlFor(db);
        foreach (var isBulk in Classes(work))
        {
            var waiting = await sql.Studios.ReadAsync(db, cancellation, now.UtcDateTime, isBulk);
            while (turns.Take(isBulk, waiting.Select(Id<Tenant>.FromStored)) is { } studio)
            {
                OutboxMessage? message = null;
                try
                {
                    var claimed = (await sql.Claim.ReadAsync(db, cancellation, now.UtcDateTime, isBulk, studio.ToStored(), owner, (now + lease).UtcDateTime)).SingleOrDefault();
                    message = claimed is null ? null : await db.Set<OutboxMessage>().AsNoTracking().SingleAsync(m => m.Id == Id<OutboxMessage>.FromStored(claimed), cancellation);
                }
                finally
                {
                    if (message is null)
                    {
                        turns.End(studio, isBulk);
                    }
                }

                if (message is not null)
                {
                    return message;
                }

                // Others claimed the studio's last one since the studios were read.
                waiting.Remove(studio.ToStored());
            }
        }

        return null;
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
                IsDeferred = message.IsDeferred,
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

    private static bool[] Classes(OutboxWork work) => work switch
    {
        OutboxWork.InteractiveOnly => [false],
        OutboxWork.BulkFirst => [true, false],
        _ => [false, true],
    };
}

file static class Claiming
{
    public static UpdateSettersBuilder<OutboxMessage> EndLease(this UpdateSettersBuilder<OutboxMessage> set) => set
        .SetProperty(m => m.LeaseOwner, (string?)null)
        .SetProperty(m => m.LeaseUntil, (DateTimeOffset?)null);

#pragma warning disable EF1002 // The statements are made of constants of the program; the values are parameters.
    public static Task<List<string>> ReadAsync(this string sql, DbContext db, CancellationToken cancellation, params object[] values) =>
        db.Database.SqlQueryRaw<string>(sql, values).ToListAsync(cancellation);
#pragma warning restore EF1002
}
