using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Studios.Members;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Notifications;

internal static class StudioContact
{
    /// <summary>Where the studio wants to be told: the contact address of its branding, else its first owner's. Null if neither is known.</summary>
    public static async Task<MailParty?> ContactAsync(this ProofsheetDb db, CancellationToken cancellation)
    {
        var address = (await db.BrandingAsync(cancellation)).ContactEmail
            ?? await db.Set<Member>().Where(m => m.Role == StudioRole.Owner && m.Email != null).OrderBy(m => m.Id).Select(m => m.Email).FirstOrDefaultAsync(cancellation);
        // An authority's addresses are not checked by our rule.
        return EmailAddress.TryRead(address, out var read) ? new MailParty(read) : null;
    }

    /// <summary>The day of a time where the studio is, as mails write it: <c>31 December 2026</c>.</summary>
    public static async Task<string> DayAsync(this ProofsheetDb db, DateTimeOffset time, CancellationToken cancellation)
    {
        var zone = await db.Set<Studio>().Select(s => s.TimeZone).SingleAsync(cancellation);
        // Zone names come and go with the system's table.
        var local = TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? TimeZoneInfo.ConvertTime(time, found) : time.ToUniversalTime();
        return local.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
    }
}
