using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Users.Accounts;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Identity.Users.Passwords;

namespace Proofsheet.Identity.Pages;

/// <summary>The page that the password reset mail links to. Opening it changes nothing.</summary>
internal sealed class ResetPage(ResetPassword reset, AttemptLimits limits, BreachService breaches) : AuthorityPage
{
    [FromQuery(Name = "token")]
    public string? Token { get; set; }

    [FromQuery(Name = "done")]
    public string? Done { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    public User? Account { get; private set; }

    public async Task OnGetAsync() => Account = await reset.FindAsync(Token, Cancellation);

    public async Task<IActionResult> OnPostAsync()
    {
        Account = await reset.FindAsync(Token, Cancellation);
        if (Account is null)
        {
            return Page();
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

        if (await reset.RunAsync(Token, Password!, Cancellation))
        {
            Sessions.UserSessions.Forget(HttpContext);
            return SeeOther("/reset?done=1");
        }

        Account = null;
        return Page();
    }
}
