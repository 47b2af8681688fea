using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Auth.ApiKeys;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Invitations;
using Proofsheet.Api.Notifications.Templates;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Notifications;

/// <summary>Tells a client that a gallery is ready, with the link that opens it.</summary>
internal sealed class MailGalleryInvitation(ProofsheetDb db, Notifier notifier, InvitationLinks links, TimeProvider clock) : IHandle<GalleryInvitationIssued>
{
    public async Task HandleAsync(GalleryInvitationIssued happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var invitation = await db.Set<GalleryInvitation>().AsNoTracking().SingleOrDefaultAsync(i => i.Id == happened.InvitationId, cancellation);
        var gallery = invitation is null ? null : await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == invitation.GalleryId, cancellation);
        // Revoked or sent again in the meantime, so this link no longer works; or the gallery was closed.
        if (gallery is null || !gallery.IsOpenAt(now) || !invitation!.IsLiveAt(now) || links.Open(happened.SealedToken) is not { } token || KeyText.Hash(token) != invitation.TokenHash)
        {
            return;
        }

        var client = await db.Set<Client>().AsNoTracking().SingleAsync(c => c.Id == invitation.ClientId, cancellation);
        var studio = (await db.BrandingAsync(cancellation)).Name;
        var until = gallery.ExpiresAt < invitation.EndsAt ? gallery.ExpiresAt.Value : invitation.EndsAt;
        await notifier.SendOnceAsync<GalleryInvitationMail>($"{invitation.Id}.{happened.Sending}", "gallery-invitation", new MailParty(invitation.Email!, client.Name), $"{gallery.Title} is ready", new()
        {
            ["Studio"] = studio,
            ["Name"] = client.Name,
            ["Gallery"] = gallery.Title,
            ["Message"] = happened.Message,
            ["Until"] = await db.DayAsync(until, cancellation),
            ["Url"] = links.Of(gallery, token),
        }, cancellation);
    }
}
