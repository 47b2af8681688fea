using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Shared.Outbox;

/// <summary>An event that is announced to other modules. It belongs to the module that publishes it.</summary>
internal interface IOutboxEvent
{
    /// <summary>In the form <c>module.happened</c>. It must not change, because rows that older versions wrote are found by it.</summary>
    static abstract string EventName { get; }
}

/// <summary>An event that comes by the hundreds and takes seconds each, such as an uploaded photo: others are handled first.</summary>
internal interface IBulkEvent : IOutboxEvent;

/// <summary>A bulk event that nobody waits for, such as the further formats of a photo that is shown already: the studio's other bulk events are handled first.</summary>
internal interface IDeferredEvent : IBulkEvent;

/// <summary>Handles an event. It must tolerate running twice, and in parallel with another attempt that lost its lease.</summary>
internal interface IHandle<in TEvent>
    where TEvent : IOutboxEvent
{
    Task HandleAsync(TEvent happened, OutboxAttempt attempt, CancellationToken cancellation);

    /// <summary>Records on the row that the event is about that its message becomes a dead letter. It must tolerate running twice.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="error">What the last attempt failed with; null if the process ended during it.</param>
    Task GiveUpAsync(TEvent happened, Exception? error) => Task.CompletedTask;
}

/// <param name="Number">1 for the first attempt.</param>
internal readonly record struct OutboxAttempt(int Number);

internal static class OutboxExtensions
{
    /// <summary>Adds the event to the pending changes. Nothing happens until the next SaveChangesAsync commits.</summary>
    public static void Publish<TEvent>(this DbContext db, Id<Tenant> tenant, TEvent happened, DateTimeOffset now, TimeSpan? delay = null)
        where TEvent : IOutboxEvent =>
        db.Add(new OutboxMessage
        {
            Id = Id<OutboxMessage>.New(now),
            Tenant = tenant,
            Event = TEvent.EventName,
            IsBulk = typeof(TEvent).IsAssignableTo(typeof(IBulkEvent)),
            IsDeferred = typeof(TEvent).IsAssignableTo(typeof(IDeferredEvent)),
            Payload = JsonSerializer.Serialize(happened, StoredJson.Options),
            CreatedAt = now,
            DueAt = now + (delay ?? TimeSpan.Zero),
        });
}
