using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Notifications.Templates;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Notifications;

/// <summary>Tells the studio that someone is guessing a gallery's PIN or password: at its contact address or, if it gave none, its owners.</summary>
internal sealed class MailGuessing(ProofsheetDb db, Notifier notifier) : IHandle<GuessingNoticed>
{
    public async Task HandleAsync(GuessingNoticed happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var gallery = await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == happened.GalleryId, cancellation);
        if (gallery is null)
        {
            return;
        }

        var episode = $"{gallery.Id}.{happened.Since.ToUnixTimeSeconds()}";
        foreach (var (address, about) in await RecipientsAsync(episode, cancellation))
        {
            await notifier.SendOnceAsync<GuessingMail>(about, "guessing-noticed", new MailParty(address), $"Someone is trying to guess the PIN or password of {gallery.Title}", new()
            {
                ["Gallery"] = gallery.Title,
                ["Guesses"] = happened.Guesses,
                ["Pin"] = gallery.Requires == GalleryRequirement.Pin,
            }, cancellation);
        }
    }

    private async Task<IReadOnlyList<(string Address, string About)>> RecipientsAsync(string about, CancellationToken cancellation)
    {
        if ((await db.BrandingAsync(cancellation)).ContactEmail is { } contact)
        {
            return [(contact, about)];
        }

        return [.. (await db.OwnersAsync(cancellation)).Select(m => (m.Email, $"{about}.{m.Id}"))];
    }
}
