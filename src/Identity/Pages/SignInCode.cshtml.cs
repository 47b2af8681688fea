using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Users.Accounts;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Identity.Web;

namespace Proofsheet.Identity.Pages;

/// <summary>The second step of a sign-in with a password.</summary>
internal sealed class SignInCodePage(SignIn signIn, AttemptLimits limits) : AuthorityPage
{
    [FromQuery(Name = "to")]
    public string? To { get; set; }

    [FromQuery(Name = "way")]
    public string? Way { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    public bool IsRecovery => Way == "recovery";

    public string OtherWay => WithInteraction("/sign-in/code" + (LocalAddress.Safe(To) is { } to ? $"?to={Uri.EscapeDataString(to)}&" : "?") + (IsRecovery ? "way=app" : "way=recovery"));

    public async Task<IActionResult> OnGetAsync() =>
        await signIn.WaitsForCodeAsync(HttpContext, Cancellation) ? Page() : SeeOther(WithInteraction("/sign-in"));

    public async Task<IActionResult> OnPostAsync()
    {
        if (await limits.SignInAsync(HttpContext, Cancellation) is { } wait)
        {
            return TooMany(wait);
        }

        if (!await signIn.WaitsForCodeAsync(HttpContext, Cancellation))
        {
            return SeeOther(WithInteraction("/sign-in"));
        }

        return await signIn.WithCodeAsync(HttpContext, Code, IsRecovery, Cancellation) is null
            ? Again("This code is not right, or was used already. Wait for the next one. After five wrong tries an account rests for 15 minutes.", nameof(Code))
            : GoOn(To);
    }
}
