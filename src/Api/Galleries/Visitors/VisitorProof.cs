using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>What happens when a visitor has proven an email address.</summary>
internal sealed class VisitorProof(ProofsheetDb db, VisitorSessions sessions, VisitorMerging merging, TimeProvider clock)
{
    private const int MaxCopied = 20;

    /// <summary>Makes the device's visitor the client's visitor in the gallery. Runs in a transaction.</summary>
    public async Task<Ok<VisitResponse>> ConfirmAsync(Caller caller, string email, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var session = await db.Set<VisitorSession>().SingleAsync(s => s.Id == Id<VisitorSession>.Parse(caller.SessionId!, null), cancellation);
        var gallery = await db.Set<Gallery>().AsNoTracking().SingleAsync(g => g.Id == session.GalleryId, cancellation);
        var visitor = await db.Set<Visitor>().SingleAsync(v => v.Id == session.VisitorId, cancellation);
        // The name on a client's device is that client's, and not that of whoever was forwarded the link.
        var client = await ClientAsync(email, visitor.ClientId is null ? visitor.Name : null, now, cancellation);
        var known = await db.ClientsVisitorAsync(gallery.Id, client.Id, cancellation);
        if (visitor.ClientId is { } other && other != client.Id)
        {
            // The device was opened by another client's invitation: what that client has stays with that client.
            known ??= Add(gallery, now);
            session.Become(known.Id);
        }
        else if (known is not null && known.Id != visitor.Id)
        {
            await merging.MergeAsync(visitor, known, cancellation);
        }

        var proven = known ?? visitor;
        proven.Prove(client, email, now);
        session.Confirm(EmailOf(client, email), now);
        await db.SaveChangesAsync(cancellation);
        await CopyTypedAsync(proven, email, cancellation);
        return await sessions.IssueAsync(gallery, session, null, remember: null, cancellation);
    }

    private async Task<Client> ClientAsync(string email, string? name, DateTimeOffset now, CancellationToken cancellation)
    {
        var client = await db.FindClientAsync(email, cancellation);
        if (client is null)
        {
            client = new Client { Id = Id<Client>.New(now), Name = name, CreatedAt = now };
            client.SetEmails([email]);
            db.Add(client);
        }

        EmailOf(client, email).VerifiedAt ??= now;
        await db.SaveChangesAsync(cancellation);
        return client;
    }

    private static ClientEmail EmailOf(Client client, string email) => client.Emails.Single(e => e.Key == EmailAddress.Key(email));

    private Visitor Add(Gallery gallery, DateTimeOffset now)
    {
        var visitor = new Visitor { Id = Id<Visitor>.New(now), GalleryId = gallery.Id, CreatedAt = now, LastSeenAt = now };
        db.Add(visitor);
        return visitor;
    }

    /// <summary>
    /// Whoever only typed the address keeps everything and learns nothing; whoever proved it gets copies of the selections. If those visitors became one, typing
    /// the address of someone else would be enough to see what that person does later.
    /// </summary>
    private async Task CopyTypedAsync(Visitor proven, string email, CancellationToken cancellation)
    {
        var key = EmailAddress.Key(email);
        var typed = await db.Set<Visitor>().AsNoTracking()
            .Where(v => v.GalleryId == proven.GalleryId && v.Id != proven.Id && v.MergedInto == null && v.ClientId == null && v.EmailVerifiedAt == null && v.Email != null)
            .OrderBy(v => v.Id).Select(v => new { v.Id, v.Email }).ToListAsync(cancellation);
        foreach (var from in typed.Where(v => EmailAddress.Key(v.Email!) == key).Take(MaxCopied))
        {
            await merging.CopyAsync(from.Id, proven.Id, cancellation);
        }
    }
}
