using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Storefront;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Notifications.Templates;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Selections;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Notifications;

/// <summary>Tells the studio that a client has submitted a selection, and what is in it.</summary>
internal sealed class MailSelectionSubmitted(ProofsheetDb db, Notifier notifier, MailPictures pictures, GalleryAddresses galleries) : IHandle<SelectionSubmitted>
{
    public async Task HandleAsync(SelectionSubmitted happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var selection = await db.Set<Selection>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == happened.SelectionId, cancellation);
        var gallery = await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == happened.GalleryId, cancellation);
        if (selection is null || gallery is null || await db.ContactAsync(cancellation) is not { } contact)
        {
            return;
        }

        var visitor = await db.Set<Visitor>().AsNoTracking().SingleOrDefaultAsync(v => v.Id == happened.VisitorId, cancellation);
        var who = visitor?.Name ?? visitor?.Email ?? "A client";
        // One email per submission: a reopened selection has another submission time.
        var about = $"{selection.Id}.{selection.SubmittedAt?.ToUnixTimeSeconds()}";
        await notifier.SendOnceAsync<SelectionSubmittedMail>(about, "selection-submitted", contact, $"{who} has chosen in {gallery.Title}", new()
        {
            ["Who"] = who,
            ["Count"] = happened.Count,
            ["Selection"] = selection.Name,
            ["Gallery"] = gallery.Title,
            ["Note"] = selection.Note,
            ["Photos"] = await PhotosAsync(selection, cancellation),
            ["Url"] = galleries.Of(gallery),
        }, cancellation);
    }

    private async Task<List<MailPhoto>> PhotosAsync(Selection selection, CancellationToken cancellation)
    {
        var picks = await db.Set<Pick>().AsNoTracking().Where(p => p.SelectionId == selection.Id).OrderBy(p => p.PickedAt).ThenBy(p => p.PhotoId)
            .Join(db.Set<Photo>(), pick => pick.PhotoId, photo => photo.Id, (pick, photo) => new { pick.PhotoId, pick.Note, photo.CurrentVersion.FileName })
            .ToListAsync(cancellation);
        var urls = await pictures.OfAsync(picks.Select(p => p.PhotoId), cancellation);
        return [.. picks.Select(p => new MailPhoto(p.FileName, urls.GetValueOrDefault(p.PhotoId), p.Note))];
    }
}
