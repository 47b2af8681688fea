using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Lifecycle;
using Proofsheet.Api.Galleries.Storefront;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Notifications.Templates;
using Proofsheet.Api.Selections;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Notifications;

/// <summary>
/// Tells the studio, and the visitors who have begun to choose and gave an email address, that a gallery expires soon: once for each date that the studio
/// sets.
/// </summary>
internal sealed class MailGalleryExpiry(ProofsheetDb db, Notifier notifier, GalleryAddresses galleries, TimeProvider clock) : IHandle<GalleryExpiryNear>
{
    // A server that takes no mail at all is not asked for each of them.
    private const int MostBusy = 3;

    public async Task HandleAsync(GalleryExpiryNear happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var gallery = await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == happened.GalleryId, cancellation);
        // Another date has an event of its own. A draft or an archived gallery gets one when it is published.
        if (gallery is null || !happened.IsStillTrue(gallery) || !gallery.IsOpenAt(clock.GetUtcNow()))
        {
            return;
        }

        var about = $"{gallery.Id}.{happened.ExpiresAt.ToUnixTimeSeconds()}";
        var day = await db.DayAsync(happened.ExpiresAt, cancellation);
        var clients = await ClientsAsync(gallery, cancellation);
        if (await db.ContactAsync(cancellation) is { } contact)
        {
            await notifier.SendOnceAsync<GalleryExpiryToStudioMail>(about, "gallery-expiry-to-studio", contact, $"{gallery.Title} expires on {day}", new()
            {
                ["Gallery"] = gallery.Title,
                ["Day"] = day,
                ["Clients"] = clients.Select(c => (c.Name ?? c.Address, c.OpenPicks, c.IsOpen)).ToList(),
                ["Url"] = galleries.Of(gallery),
            }, cancellation);
        }

        var studio = (await db.BrandingAsync(cancellation)).Name;
        var busy = new List<MailException>();
        foreach (var client in clients)
        {
            try
            {
                await notifier.SendOnceAsync<GalleryExpiryMail>($"{about}.{Digest(client.Address)}", "gallery-expiry", new MailParty(client.Address, client.Name), $"{gallery.Title} closes on {day}", new()
                {
                    ["Studio"] = studio,
                    ["Gallery"] = gallery.Title,
                    ["Day"] = day,
                    ["Name"] = client.Name,
                    ["Picks"] = client.OpenPicks,
                    ["IsOpen"] = client.IsOpen,
                    ["Url"] = galleries.Of(gallery),
                }, cancellation);
            }
            catch (MailException e) when (e.IsTransient && busy.Count < MostBusy)
            {
                // One mailbox that is busy for days must not keep the others from being told.
                busy.Add(e);
            }
        }

        if (busy is [var first, ..])
        {
            throw new MailException(first.Message, isTransient: true, first);
        }
    }

    /// <summary>Whoever has an open selection or picks. Someone who entered the gallery several times is told once.</summary>
    private async Task<List<Client>> ClientsAsync(Gallery gallery, CancellationToken cancellation)
    {
        var selections = await db.Set<Selection>().AsNoTracking().Where(s => s.GalleryId == gallery.Id)
            .Join(db.Set<Visitor>().Where(v => v.Email != null), s => s.VisitorId, v => v.Id, (s, v) => new
            {
                v.Email,
                v.Name,
                v.LastSeenAt,
                IsOpen = s.Status == SelectionStatus.Open,
                Picks = db.Set<Pick>().Count(p => p.SelectionId == s.Id),
            })
            .ToListAsync(cancellation);
        return
        [
            .. selections.Where(s => s.IsOpen || s.Picks > 0).GroupBy(s => EmailAddress.Key(s.Email!), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => (Last: g.MaxBy(s => s.LastSeenAt)!, All: g))
                .Select(g => new Client(g.Last.Email!, g.Last.Name, g.All.Where(s => s.IsOpen).Sum(s => s.Picks), g.All.Any(s => s.IsOpen))),
        ];
    }

    private static string Digest(string address) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(EmailAddress.Key(address))))[..16];

    private sealed record Client(string Address, string? Name, int OpenPicks, bool IsOpen);
}
