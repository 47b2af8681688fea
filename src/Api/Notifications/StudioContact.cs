using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Studios.Members;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Notifications;

internal static class StudioContact
{
    /// <summary>Where the studio wants to be told: the contact address of its branding, else its first owner's. Null if neither is known.</summary>
    public static async Task<MailParty?> ContactAsync(this ProofsheetDb db, CancellationToken cancellation)
    {
        var address = (await db.BrandingAsync(cancellation)).ContactEmail ?? (await db.OwnersAsync(cancellation)).Select(m => m.Email).FirstOrDefault();
        return address is null ? null : new MailParty(address);
    }

    /// <summary>The owners to whom mails can be sent, the earliest first.</summary>
    public static async Task<IReadOnlyList<(Id<Member> Id, string Email)>> OwnersAsync(this ProofsheetDb db, CancellationToken cancellation)
    {
        var owners = await db.Set<Member>().AsNoTracking().Where(m => m.Role == StudioRole.Owner && m.Email != null).OrderBy(m => m.Id).ToListAsync(cancellation);
        // An authority's addresses are not checked by our rule.
        return [.. owners.Where(m => EmailAddress.IsValid(m.Email)).Select(m => (m.Id, EmailAddress.Read(m.Email!)))];
    }

    /// <summary>The day of a time where the studio is, as mails write it: <c>31 December 2026</c>.</summary>
    public static async Task<string> DayAsync(this ProofsheetDb db, DateTimeOffset time, CancellationToken cancellation)
    {
        var zone = TimeZones.Of(await db.Set<Studio>().Select(s => s.TimeZone).SingleAsync(cancellation));
        return TimeZoneInfo.ConvertTime(time, zone).ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
    }
}
