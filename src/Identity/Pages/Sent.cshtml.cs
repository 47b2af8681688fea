using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Users.Accounts;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Identity.Pages;

/// <summary>Shown after a registration: a mail was sent, and can be sent again.</summary>
internal sealed class SentPage(IdentityDb db, AttemptLimits limits, TimeProvider clock) : AuthorityPage
{
    [BindProperty]
    public string? Email { get; set; }

    public string SignInAddress => WithInteraction("/sign-in");

    public void OnGet()
    {
    }

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

        SendConfirmation.Want(db, email, clock.GetUtcNow());
        await db.SaveChangesAsync(Cancellation);
        return SeeOther(WithInteraction("/register/sent"));
    }
}
