using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;

namespace Proofsheet.Identity.Pages.Account;

internal sealed class ProfilePage(IdentityDb db, TimeProvider clock) : AccountPage
{
    [BindProperty]
    public string? DisplayName { get; set; }

    public void OnGet() => DisplayName = Account.DisplayName;

    public async Task<IActionResult> OnPostAsync()
    {
        var (name, now) = (DisplayName?.Trim() ?? "", clock.GetUtcNow());
        if (name.Length is 0 or > 100 || name.Any(char.IsControl))
        {
            return Again("Tell us your name, in at most 100 characters.", nameof(DisplayName));
        }

        await db.Users.Where(u => u.Id == Account.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.DisplayName, name).SetProperty(u => u.UpdatedAt, now), Cancellation);
        return SeeOther("/account?done=profile");
    }
}
