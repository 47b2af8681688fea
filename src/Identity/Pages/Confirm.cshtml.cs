using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Users.Accounts;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Identity.Web;

namespace Proofsheet.Identity.Pages;

/// <summary>The page that the registration mail links to. Opening it changes nothing, because mail scanners open every link.</summary>
internal sealed class ConfirmPage(ConfirmEmail confirm, SignIn signIn, IInteractions interactions, AttemptLimits limits, IdentityDb db) : AuthorityPage
{
    [FromQuery(Name = "token")]
    public string? Token { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    public bool IsGone { get; private set; }

    public string? Email { get; private set; }

    public async Task OnGetAsync() => await FindAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await limits.SignInAsync(HttpContext, Cancellation) is { } wait)
        {
            return TooMany(wait);
        }

        var (outcome, user, interaction) = await confirm.RunAsync(Token, Password ?? "", Cancellation);
        switch (outcome)
        {
            case ConfirmOutcome.Confirmed:
                await signIn.AfterFirstAsync(HttpContext, user!.Id, ["pwd"], Cancellation);
                return interaction is not null && await interactions.FindAsync(interaction, HttpContext, Cancellation) is not null
                    ? Continue.To(interactions.ResumeAddress(interaction))
                    : GoOn();
            case ConfirmOutcome.WrongPassword:
                await FindAsync();
                return Again("This is not the password that was chosen for this account. If someone else created it, create your own instead.", nameof(Password));
            default:
                await FindAsync();
                return Page();
        }
    }

    private async Task FindAsync()
    {
        var ticket = await confirm.FindAsync(Token, Cancellation);
        IsGone = ticket is null;
        Email = ticket is null ? null : await db.Users.Where(u => u.Id == ticket.UserId).Select(u => u.Email).SingleOrDefaultAsync(Cancellation);
    }
}
