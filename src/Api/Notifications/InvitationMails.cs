using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Notifications.Templates;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Studios.Members;
using Proofsheet.Api.Studios.Onboarding;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Notifications;

/// <summary>Sends an invitation's code to the invited person.</summary>
internal sealed class MailInvitation(ProofsheetDb db, Notifier notifier, InvitationCodes codes, IOptions<OnboardingOptions> options, TimeProvider clock) : IHandle<MemberInvited>
{
    public async Task HandleAsync(MemberInvited happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var invitation = await db.Set<Invitation>().AsNoTracking().SingleOrDefaultAsync(i => i.Id == happened.InvitationId, cancellation);
        // Withdrawn, accepted or sent again in the meantime, so this code no longer works.
        if (invitation is null || !invitation.IsOpenAt(clock.GetUtcNow()) || codes.Open(happened.SealedCode) is not { } code || Invitation.HashOf(code) != invitation.CodeHash)
        {
            return;
        }

        var studio = (await db.BrandingAsync(cancellation)).Name;
        await notifier.SendOnceAsync<InvitationMail>($"{invitation.Id}.{happened.Sending}", "invitation", new MailParty(invitation.Email), $"Join {studio} on Proofsheet", new()
        {
            ["Studio"] = studio,
            ["Role"] = RoleName(invitation.Role),
            ["Until"] = await db.DayAsync(invitation.ExpiresAt, cancellation),
            ["Code"] = code,
            ["Url"] = options.Value.InvitationUrl.Length > 0 ? options.Value.InvitationUrl.Replace("{code}", code, StringComparison.Ordinal) : null,
        }, cancellation);
    }

    private static string RoleName(StudioRole role) => role switch
    {
        StudioRole.Owner => "an owner",
        StudioRole.Admin => "an admin",
        StudioRole.Editor => "an editor",
        _ => "a viewer",
    };
}
