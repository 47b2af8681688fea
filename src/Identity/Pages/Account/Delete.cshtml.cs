using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Users.Accounts;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Identity.Pages.Account;

internal sealed class DeletePage(DeleteAccount delete) : AccountPage
{
    [BindProperty]
    public string? Email { get; set; }

    protected override bool NeedsFreshSignIn => true;

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!EmailAddress.TryRead(Email, out var email) || !string.Equals(email, Account.Email, StringComparison.OrdinalIgnoreCase))
        {
            return Again("This is not the address of this account.", nameof(Email));
        }

        await delete.RunAsync(Account.Id, Cancellation);
        UserSessions.Forget(HttpContext);
        return SeeOther("/sign-out");
    }
}
