using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Users.Accounts;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Identity.Users.Passwords;

namespace Proofsheet.Identity.Pages.Account;

internal sealed class PasswordPage(ChangePassword change, UserSessions sessions, AttemptLimits limits, BreachService breaches) : AccountPage
{
    [BindProperty]
    public string? OldPassword { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    public IActionResult OnGet() => Account.PasswordHash is null && !sessions.IsFresh(Who!) ? SeeOther("/sign-in?to=/account/password") : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (Account.PasswordHash is null && !sessions.IsFresh(Who!))
        {
            return SeeOther("/sign-in?to=/account/password");
        }

        await CheckPasswordAsync(Password, breaches, Account.Email, Account.DisplayName);
        if (!ModelState.IsValid)
        {
            return Again();
        }

        if (await limits.SignInAsync(HttpContext, Cancellation) is { } wait)
        {
            return TooMany(wait);
        }

        return await change.RunAsync(Who!, OldPassword, Password!, Cancellation)
            ? SeeOther("/account/password?done=password")
            : Again("The password until now is not right.", nameof(OldPassword));
    }
}
