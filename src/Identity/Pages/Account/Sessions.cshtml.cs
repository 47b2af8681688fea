using Microsoft.AspNetCore.Mvc;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Users.Accounts;

namespace Proofsheet.Identity.Pages.Account;

internal sealed class SessionsPage(UserSessions sessions, SignIn signIn, ITokenRevocation tokens, TimeProvider clock) : AccountPage
{
    [BindProperty]
    public string? Id { get; set; }

    public IReadOnlyList<UserSession> Live { get; private set; } = [];

    public async Task OnGetAsync() => Live = await sessions.ListAsync(Account.Id, Cancellation);

    public async Task<IActionResult> OnPostAsync()
    {
        // Only the user's own sessions are listed, so no others can be ended.
        if ((await sessions.ListAsync(Account.Id, Cancellation)).Any(s => s.Id.ToString() == Id))
        {
            await signIn.EndAsync(Id!, Cancellation);
        }

        return SeeOther("/account/sessions?done=ended");
    }

    public async Task<IActionResult> OnPostOthersAsync()
    {
        foreach (var ended in await sessions.EndAllAsync(Account.Id, Who!.SessionId, Cancellation))
        {
            await tokens.RevokeSessionAsync(ended, Cancellation);
        }

        return SeeOther("/account/sessions?done=others-ended");
    }

    public string Ago(DateTimeOffset then)
    {
        var ago = clock.GetUtcNow() - then;
        return ago.TotalMinutes < 2 ? "just now" : ago.TotalHours < 2 ? $"{(int)ago.TotalMinutes} minutes ago" : ago.TotalDays < 2 ? $"{(int)ago.TotalHours} hours ago" : $"{(int)ago.TotalDays} days ago";
    }
}
