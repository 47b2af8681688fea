using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Mail.Templates;

namespace Proofsheet.Api.Notifications;

/// <summary>
/// Sends each email of a studio once. A crash between sending it and recording that sends it again with the same
/// Message-ID, by which mailboxes drop the second one.
/// </summary>
internal sealed class Notifier(ProofsheetDb db, IMailSender mails, MailRenderer renderer, PublicUrl publicUrl, MailWork work, TimeProvider clock, ILogger<Notifier> log)
{
    public async Task SendOnceAsync<TTemplate>(
        string about, string kind, MailParty to, string subject, Dictionary<string, object?> parameters, CancellationToken cancellation)
        where TTemplate : IComponent
    {
        var record = await db.Set<MailRecord>().SingleOrDefaultAsync(m => m.About == about && m.Kind == kind, cancellation);
        if (record is { Status: MailStatus.Sent })
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
        var message = new MailMessage
        {
            To = to with { Name = to.Name is null ? null : OneLine.Of(to.Name) },
            FromName = OneLine.Of(branding.Name),
            ReplyTo = branding.ContactEmail is { } contact ? new MailParty(contact) : null,
            Subject = OneLine.Of(studio.IsSandbox ? $"[Sandbox] {subject}" : subject),
            Html = mail.Html,
            Text = mail.Text,
            MessageId = $"{kind}.{about}",
        };
        try
        {
            await mails.SendAsync(message, cancellation);
        }
        catch (MailException e)
        {
            await RecordAsync(record, about, kind, r =>
            {
                r.Do(work);
                r.Is(message);
                r.NotSent(isFinal: !e.IsTransient, e.Message, clock.GetUtcNow());
            }, cancellation);
            if (e.IsTransient)
            {
                throw;
            }

            // Another attempt would fail in the same way.
            log.LogError(e, "The mail {Kind} about {About} cannot be sent", kind, about);
            return;
        }

        await RecordAsync(record, about, kind, r => r.Sent(clock.GetUtcNow()), cancellation);
    }

    private async Task RecordAsync(MailRecord? record, string about, string kind, Action<MailRecord> change, CancellationToken cancellation)
    {
        if (record is null)
        {
            var now = clock.GetUtcNow();
            record = new MailRecord { Id = Id<MailRecord>.New(now), About = about, Kind = kind, Status = MailStatus.Retrying, CreatedAt = now, At = now };
            db.Add(record);
        }

        change(record);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // A concurrent attempt sent the same email.
            db.ChangeTracker.Clear();
        }
    }
}
