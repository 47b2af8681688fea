using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Users.Social;

namespace Proofsheet.Identity.Pages;

/// <summary>Leads to another provider. By a form only: a link from elsewhere must not begin someone's sign-in.</summary>
internal sealed class SocialPage(SocialProviders providers) : AuthorityPage
{
    [BindProperty]
    public string? To { get; set; }

    /// <summary>Not to sign in, but to connect the account elsewhere with the one that is signed in.</summary>
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
