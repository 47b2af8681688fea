using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Mail.Templates;

namespace Proofsheet.Api.Notifications;

/// <summary>
/// Sends each email of a studio once. A crash between sending it and recording that sends it again with the same
/// Message-ID, by which mailboxes drop the second one.
/// </summary>
internal sealed class Notifier(ProofsheetDb db, IMailSender mails, MailRenderer renderer, PublicUrl publicUrl, TimeProvider clock, ILogger<Notifier> log)
{
    public async Task SendOnceAsync<TTemplate>(
        string about, string kind, MailParty to, string subject, Dictionary<string, object?> parameters, CancellationToken cancellation)
        where TTemplate : IComponent
    {
        if (await db.Set<SentMail>().AnyAsync(m => m.About == about && m.Kind == kind, cancellation))
        {
            return;
        }

        var studio = await db.Set<Studio>().AsNoTracking().SingleAsync(cancellation);
        var branding = await db.BrandingAsync(cancellation);
        parameters["Brand"] = new MailBrand
        {
            Name = branding.Name,
            LogoUrl = publicUrl.Base is null ? null : branding.LogoUrl(publicUrl),
            AccentColor = branding.AccentColor,
            FooterText = branding.FooterText,
        };
        var mail = await renderer.RenderAsync<TTemplate>(parameters);
        string? failure = null;
        try
        {
            await mails.SendAsync(new MailMessage
            {
                To = to with { Name = to.Name is null ? null : OneLine.Of(to.Name) },
                FromName = OneLine.Of(branding.Name),
                ReplyTo = branding.ContactEmail is { } contact ? new MailParty(contact) : null,
                Subject = OneLine.Of(studio.IsSandbox ? $"[Sandbox] {subject}" : subject),
                Html = mail.Html,
                Text = mail.Text,
                MessageId = $"{kind}.{about}",
            }, cancellation);
        }
        catch (MailException e) when (!e.IsTransient)
        {
            // Another attempt would fail in the same way; the record says why nothing was sent.
            log.LogError(e, "The mail {Kind} about {About} cannot be sent", kind, about);
            failure = e.Message[..Math.Min(e.Message.Length, 400)];
        }

        await MarkAsync(about, kind, failure, cancellation);
    }

    private async Task MarkAsync(string about, string kind, string? failure, CancellationToken cancellation)
    {
        db.Add(new SentMail { About = about, Kind = kind, At = clock.GetUtcNow(), Failure = failure });
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // A concurrent attempt sent the same email.
        }
    }
}
