using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Shared.Outbox;

/// <summary>Something that happened, told to other modules. Owned by the module that publishes it.</summary>
internal interface IOutboxEvent
{
    /// <summary>Stable: rows of older versions must still find their type. <c>module.happened</c>.</summary>
    static abstract string EventName { get; }
}

/// <summary>An event of which hundreds come at once and each takes seconds, such as an uploaded photograph: others go first.</summary>
internal interface IBulkEvent : IOutboxEvent;

/// <summary>Handles an event. It may run twice, and at the same time as another attempt that lost its lease: it must not mind.</summary>
internal interface IHandle<in TEvent>
    where TEvent : IOutboxEvent
{
    Task HandleAsync(TEvent happened, OutboxAttempt attempt, CancellationToken cancellation);
}

/// <param name="Number">1 at the first try.</param>
/// <param name="IsLast">When this one fails too, the message is dead: say so on the row it is about.</param>
internal readonly record struct OutboxAttempt(int Number, bool IsLast);

internal static class OutboxExtensions
{
    /// <summary>Adds the event to the change being saved. Nothing happens before the next SaveChangesAsync commits.</summary>
    public static void Publish<TEvent>(this DbContext db, Id<Tenant> tenant, TEvent happened, DateTimeOffset now, TimeSpan? delay = null)
        where TEvent : IOutboxEvent =>
        db.Add(new OutboxMessage
        {
            Id = Id<OutboxMessage>.New(now),
            Tenant = tenant,
            Event = TEvent.EventName,
            IsBulk = typeof(TEvent).IsAssignableTo(typeof(IBulkEvent)),
            Payload = JsonSerializer.Serialize(happened, StoredJson.Options),
            CreatedAt = now,
            DueAt = now + (delay ?? TimeSpan.Zero),
        });
}
