using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Users.Accounts;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Identity.Pages;

/// <summary>Behaves the same for every address: the mail is sent in the background.</summary>
internal sealed class ForgotPage(IdentityDb db, AttemptLimits limits, TimeProvider clock) : AuthorityPage
{
    [FromQuery(Name = "sent")]
    public string? Sent { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    public string SignInAddress => WithInteraction("/sign-in");

    public void OnGet() => Email = Interaction?.LoginHint;

    public async Task<IActionResult> OnPostAsync()
    {
        if (!EmailAddress.TryRead(Email, out var email))
        {
            return Again("This is not an e-mail address that can be written to.", nameof(Email));
        }

        if (await limits.MailRequestAsync(HttpContext, Cancellation) is { } wait)
        {
            return TooMany(wait);
        }

        SendPasswordReset.Want(db, email, clock.GetUtcNow());
        await db.SaveChangesAsync(Cancellation);
        return SeeOther(WithInteraction("/forgot?sent=1"));
    }
}
