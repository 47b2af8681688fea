using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Web;

namespace Proofsheet.Identity.Pages;

internal sealed class ConsentPage(IInteractions interactions) : AuthorityPage
{
    [BindProperty]
    public string? Answer { get; set; }

    [BindProperty]
    public bool Remember { get; set; }

    [BindProperty]
    public List<string> Scopes { get; set; } = [];

    protected override bool NeedsInteraction => true;

    public IActionResult OnGet() => Who is null ? SeeOther(WithInteraction("/sign-in")) : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (Who is null)
        {
            return SeeOther(WithInteraction("/sign-in"));
        }

        switch (Answer)
        {
            case "allow":
                // Only requested scopes are granted, and only optional ones can be left out.
                var granted = Interaction!.Scopes.Where(s => !Interaction.OptionalScopes.Contains(s) || Scopes.Contains(s)).ToList();
                await interactions.ConsentAsync(Interaction.Id, HttpContext, Who, granted, Remember, Cancellation);
                return GoOn();
            case "deny":
                return await interactions.DenyAsync(Interaction!.Id, HttpContext, Cancellation) is { } address ? Continue.To(address) : SeeOther("/error?reason=gone");
            default:
                return Again("Choose one of the two.");
        }
    }
}
