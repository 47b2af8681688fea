using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Users.Accounts;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Identity.Pages.Account;

internal sealed class EmailPage(ChangeEmail change, AttemptLimits limits) : AccountPage
{
    [BindProperty]
    public string? Email { get; set; }

    protected override bool NeedsFreshSignIn => true;

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

        await change.AskAsync(Account.Id, email, Cancellation);
        return SeeOther("/account/email?done=email");
    }
}
