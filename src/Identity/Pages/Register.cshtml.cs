using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Pages.Branding;
using Proofsheet.Identity.Users.Accounts;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Identity.Users.Passwords;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Identity.Pages;

internal sealed class RegisterPage(Register register, AttemptLimits limits, BreachService breaches) : AuthorityPage
{
    [BindProperty]
    public string? DisplayName { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    public string SignInAddress => WithInteraction("/sign-in");

    public void OnGet() => Email = Interaction?.LoginHint;

    public async Task<IActionResult> OnPostAsync()
    {
        var name = DisplayName?.Trim() ?? "";
        if (name.Length is 0 or > 100 || name.Any(char.IsControl))
        {
            Wrong("Tell us your name, in at most 100 characters.", nameof(DisplayName));
        }

        if (!EmailAddress.TryRead(Email, out var email))
        {
            Wrong("This is not an e-mail address that can be written to.", nameof(Email));
        }

        var brand = HttpContext.Items.TryGetValue(typeof(StudioBrand), out var found) ? (StudioBrand?)found : null;
        await CheckPasswordAsync(Password, breaches, email, name, brand?.Name, brand?.Slug);
        if (!ModelState.IsValid)
        {
            return Again();
        }

        if (await limits.AccountAsync(HttpContext, Cancellation) is { } wait)
        {
            return TooMany(wait);
        }

        await register.RunAsync(email!, name, Password!, Interaction?.Id, Cancellation);
        return SeeOther(WithInteraction("/register/sent"));
    }
}
