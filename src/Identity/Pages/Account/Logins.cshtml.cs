using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Users.Social;

namespace Proofsheet.Identity.Pages.Account;

internal sealed class LoginsPage(SocialAccounts accounts, SocialProviders providers, UserManager<User> users) : AccountPage
{
    [BindProperty]
    public string? Provider { get; set; }

    [BindProperty]
    public string? Key { get; set; }

    public IList<UserLoginInfo> Connected { get; private set; } = [];

    public IReadOnlyList<SocialProvider> Others => [.. providers.All.Where(p => Connected.All(c => c.LoginProvider != p.Scheme))];

    protected override bool NeedsFreshSignIn => true;

    public string NameOf(string scheme) => providers.Find(scheme)?.Name ?? scheme;

    public async Task OnGetAsync([FromQuery(Name = "refused")] string? refused)
    {
        if (refused is not null)
        {
            Wrong("That account is connected to another person's, or you have signed in again in the meantime.");
        }

        await ShowAsync();
    }

    public async Task<IActionResult> OnPostDisconnectAsync()
    {
        if (await accounts.DisconnectAsync(Account.Id, Provider ?? "", Key ?? "", Cancellation))
        {
            return SeeOther("/account/logins?done=disconnected");
        }

        await ShowAsync();
        return Again("This is the only way you can sign in. Set a password or add a passkey first.");
    }

    private async Task ShowAsync() => Connected = await users.GetLoginsAsync((await users.FindByIdAsync(Account.Id))!);
}
