using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Users.Accounts;
using Proofsheet.Identity.Web;

namespace Proofsheet.Identity.Pages;

/// <summary>Ends this browser's session after a confirmation, so that no link or image on another site can sign a user out.</summary>
internal sealed class SignOutPage(SignIn signIn, ILogoutRequests requests) : AuthorityPage
{
    [FromQuery(Name = "logout")]
    public string? LogoutId { get; set; }

    public LogoutRequest? Asked { get; private set; }

    public bool IsDone { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        await FindAsync();
        IsDone = Who is null;
        return IsDone && Asked?.ReturnAddress is { } address ? Continue.To(address) : Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await FindAsync();
        if (Who is not null)
        {
            await signIn.EndAsync(Who.SessionId, Cancellation);
        }

        UserSessions.Forget(HttpContext);
        return Asked?.ReturnAddress is { } address ? Continue.To(address) : SeeOther("/sign-out");
    }

    private async Task FindAsync() => Asked = LogoutId is null ? null : await requests.FindAsync(LogoutId, HttpContext, Cancellation);
}
