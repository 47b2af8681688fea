using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Notifications;

/// <summary>The background work that this scope does, so that an email that is not sent can be made again. Empty outside of the outbox.</summary>
internal sealed class MailWork
{
    public string? Event { get; private set; }

    public string? Handler { get; private set; }

    public string? Payload { get; private set; }

    public string? Hash { get; private set; }

    public void Begin(string eventName, string handler, string payload)
    {
        (Event, Handler, Payload) = (eventName, handler, payload);
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{handler}\n{payload}")));
    }
}

/// <summary>The name under which a handler of an event is registered.</summary>
internal sealed record MailHandlerName<TEvent, THandler>(string Name);

/// <summary>
/// Runs a handler that sends emails, and sees to it that the studio can see those that are not sent: also if the handler fails before it has an email.
/// </summary>
internal sealed class MailHandler<TEvent, THandler>(THandler inner, MailHandlerName<TEvent, THandler> registered, MailWork work, ProofsheetDb db, TimeProvider clock) : IHandle<TEvent>
    where TEvent : IOutboxEvent
    where THandler : class, IHandle<TEvent>
{
    public async Task HandleAsync(TEvent happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        Begin(happened);
        // Also when the operator replays the work: what was given up before waits for this attempt.
        await OfThisWork(MailStatus.Failed).ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, MailStatus.Retrying), cancellation);
        await inner.HandleAsync(happened, attempt, cancellation);
        // Not sent before and no longer to be sent, for example because an invitation was withdrawn.
        await OfThisWork(MailStatus.Retrying).ExecuteDeleteAsync(cancellation);
    }

    public async Task GiveUpAsync(TEvent happened, Exception? error)
    {
        Begin(happened);
        await inner.GiveUpAsync(happened, error);
        if (await OfThisWork(MailStatus.Retrying).ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, MailStatus.Failed)) > 0
            || await db.Set<MailRecord>().AnyAsync(m => m.WorkHash == work.Hash))
        {
            return;
        }

        var now = clock.GetUtcNow();
        var record = new MailRecord
        {
            Id = Id<MailRecord>.New(now),
            About = work.Hash!,
            Kind = registered.Name[(registered.Name.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace('_', '-'),
            Status = MailStatus.Failed,
            CreatedAt = now,
            At = now,
        };
        record.Do(work);
        // What went wrong is for the operator, who sees it at the dead letter.
        record.NotSent(isFinal: true, error is MailException ? error.Message : "The mail could not be made. The operator of the platform can see why.", now);
        db.Add(record);
        await db.SaveChangesAsync();
    }

    private void Begin(TEvent happened) => work.Begin(TEvent.EventName, registered.Name, JsonSerializer.Serialize(happened, StoredJson.Options));

    private IQueryable<MailRecord> OfThisWork(MailStatus status)
    {
        var hash = work.Hash;
        return db.Set<MailRecord>().Where(m => m.WorkHash == hash && m.Status == status);
    }
}
