using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Users.Social;

namespace Proofsheet.Identity.Pages;

/// <summary>Starts a sign-in with another provider. Only by form: a link on another site must not start one.</summary>
internal sealed class SocialPage(SocialProviders providers) : AuthorityPage
{
    [BindProperty]
    public string? To { get; set; }

    /// <summary>Connect the provider's account with the signed-in one, instead of signing in.</summary>
    [BindProperty]
    public bool Connect { get; set; }

    public IActionResult OnGet() => SeeOther("/sign-in");

    public IActionResult OnPost(string scheme)
    {
        if (providers.Find(scheme) is null || (Connect && Who is null))
        {
            return SeeOther("/error");
        }

        return Challenge(SocialReturn.StateOf(Connect ? Who : null, InteractionId, To), scheme);
    }
}
