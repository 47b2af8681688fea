using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Notifications;

internal static class ResendMail
{
    public static void MapResendMail(this IEndpointRouteBuilder routes) => routes
        .MapPost("/undelivered-mails/{mailId}/resend", HandleAsync)
        .WithName("ResendMail")
        .WithTags("Studio")
        .WithSummary("Send an undelivered email again")
        .WithDescription("The email is made again from what is known now and sent in the background: it leaves the list of undelivered emails, or is listed again with the "
            + "new reason. An email that is out of date, such as an invitation that was withdrawn, only leaves the list.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<MailRecord> mailId, ProofsheetDb db, OutboxSignal signal, TimeProvider clock, CancellationToken cancellation)
    {
        var mail = await db.Set<MailRecord>().SingleOrDefaultAsync(m => m.Id == mailId && m.Status != MailStatus.Sent, cancellation);
        if (mail is not { Event: { } name, Handler: { } handler, Payload: { } payload })
        {
            return Problems.NotFound("undelivered mail");
        }

        var now = clock.GetUtcNow();
        var isGivenUp = mail.Status == MailStatus.Failed;
        // Before the work can begin: once it is done, it deletes the rows that wait for it.
        mail.Status = MailStatus.Retrying;
        await db.SaveChangesAsync(cancellation);
        // The work that failed or that waits for its next attempt, whose row names no handler if the event has only one.
        var continued = await db.Set<OutboxMessage>()
            .Where(m => m.Tenant == mail.TenantId && m.DoneAt == null && m.Event == name && (m.Handler == handler || m.Handler == null) && m.Payload == payload)
            .ExecuteUpdateAsync(set => set
                .SetProperty(m => m.DeadAt, (DateTimeOffset?)null)
                .SetProperty(m => m.Attempts, 0)
                // A worker that is about to make the message a dead letter no longer holds it then.
                .SetProperty(m => m.LeaseOwner, m => isGivenUp ? null : m.LeaseOwner)
                .SetProperty(m => m.LeaseUntil, m => isGivenUp ? null : m.LeaseUntil)
                .SetProperty(m => m.DueAt, now), cancellation);
        if (continued == 0)
        {
            db.Add(new OutboxMessage
            {
                Id = Id<OutboxMessage>.New(now),
                Tenant = mail.TenantId,
                Event = name,
                Handler = handler,
                Payload = payload,
                CreatedAt = now,
                DueAt = now,
            });
            await db.SaveChangesAsync(cancellation);
        }

        signal.Ping();
        return TypedResults.NoContent();
    }
}
