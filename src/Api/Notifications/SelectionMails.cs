using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Notifications.Templates;
using Proofsheet.Api.Selections;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Notifications;

/// <summary>Tells the studio, if it gave an email address, that a client has submitted a selection.</summary>
internal sealed class MailSelectionSubmitted(ProofsheetDb db, Notifier notifier) : IHandle<SelectionSubmitted>
{
    public async Task HandleAsync(SelectionSubmitted happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var selection = await db.Set<Selection>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == happened.SelectionId, cancellation);
        var gallery = await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == happened.GalleryId, cancellation);
        if (selection is null || gallery is null || (await db.BrandingAsync(cancellation)).ContactEmail is not { } contact)
        {
            return;
        }

        var visitor = await db.Set<Visitor>().AsNoTracking().SingleOrDefaultAsync(v => v.Id == happened.VisitorId, cancellation);
        var who = visitor?.Name ?? visitor?.Email ?? "A client";
        // One email per submission: a reopened selection has another submission time.
        var about = $"{selection.Id}.{selection.SubmittedAt?.ToUnixTimeSeconds()}";
        await notifier.SendOnceAsync<SelectionSubmittedMail>(about, "selection-submitted", new MailParty(contact), $"{who} has chosen in {gallery.Title}", new()
        {
            ["Who"] = who,
            ["Count"] = happened.Count,
            ["Selection"] = selection.Name,
            ["Gallery"] = gallery.Title,
            ["Note"] = selection.Note,
        }, cancellation);
    }
}
