using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Sessions;

namespace Proofsheet.Identity.Pages.Account;

/// <summary>A page about the account of the signed-in user.</summary>
internal abstract class AccountPage : AuthorityPage
{
    public User Account { get; private set; } = null!;

    /// <summary>True for changes to how a user signs in: they require a recent sign-in.</summary>
    protected virtual bool NeedsFreshSignIn => false;

    protected override async Task<IActionResult?> BeforeAsync()
    {
        var services = HttpContext.RequestServices;
        Account = await services.GetRequiredService<IdentityDb>().Users.AsNoTracking().SingleAsync(u => u.Id == Who!.Subject, Cancellation);
        return NeedsFreshSignIn && !services.GetRequiredService<UserSessions>().IsFresh(Who!)
            ? SeeOther(WithInteraction($"/sign-in?to={Uri.EscapeDataString(HttpContext.Request.Path.ToString())}"))
            : null;
    }
}
