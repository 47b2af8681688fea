using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Users.Accounts;

namespace Proofsheet.Identity.Pages;

/// <summary>The page that the mail to a new address links to. Opening it changes nothing.</summary>
internal sealed class ConfirmEmailPage(ChangeEmail change) : AuthorityPage
{
    [FromQuery(Name = "token")]
    public string? Token { get; set; }

    public string? Email { get; private set; }

    public bool Done { get; private set; }

    public async Task OnGetAsync() => Email = await change.FindAsync(Token, Cancellation);

    public async Task OnPostAsync() => Done = await change.ConfirmAsync(Token, Cancellation);
}
