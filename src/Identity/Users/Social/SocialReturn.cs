using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Users.Accounts;
using Proofsheet.Identity.Web;

namespace Proofsheet.Identity.Users.Social;

/// <summary>Handles the return from a provider. Where to continue is in the protected state, not in the URL.</summary>
internal sealed class SocialReturn(SocialAccounts accounts, SignIn signIn, IUserSessions sessions)
{
    public const string LoginClaim = "social-login";
    private const string Session = "session";
    private const string Interaction = "interaction";
    private const string To = "to";

    /// <param name="connectTo">The user to connect the account to; null to sign in.</param>
    public static AuthenticationProperties StateOf(SignedIn? connectTo, string? interaction, string? to)
    {
        var state = new AuthenticationProperties { RedirectUri = "/account" };
        // Missing values are omitted, because a null comes back as an empty string.
        foreach (var (name, value) in new[] { (Session, connectTo?.SessionId), (Interaction, interaction), (To, LocalAddress.Safe(to)) })
        {
            if (value is not null)
            {
                state.Items[name] = value;
            }
        }

        return state;
    }

    public async Task FinishAsync(HttpContext http, ClaimsPrincipal principal, AuthenticationProperties state)
    {
        var login = JsonSerializer.Deserialize<SocialLogin>(principal.FindFirstValue(LoginClaim)!)!;
        http.Response.Redirect(state.Items.TryGetValue(Session, out var session) && session is not null
            ? await ConnectAsync(http, login, session)
            : await SignInAsync(http, login, state.Items.TryGetValue(Interaction, out var interaction) ? interaction : null, state.Items.TryGetValue(To, out var to) ? to : null));
    }

    private async Task<string> ConnectAsync(HttpContext http, SocialLogin login, string session)
    {
        // Another user may have signed in to this browser in the meantime.
        var who = await sessions.CurrentAsync(http, http.RequestAborted);
        return who?.SessionId == session && await accounts.ConnectAsync(who.Subject, login, http.RequestAborted)
            ? "/account/logins"
            : "/account/logins?refused=1";
    }

    private async Task<string> SignInAsync(HttpContext http, SocialLogin login, string? interaction, string? to)
    {
        var query = interaction is null ? "" : $"interaction={Uri.EscapeDataString(interaction)}";
        var (outcome, user) = await accounts.SignInAsync(login, http.RequestAborted);
        if (outcome != SocialOutcome.SignedIn)
        {
            return $"/sign-in?social={(outcome == SocialOutcome.AddressKnown ? "known" : outcome == SocialOutcome.AddressUnverified ? "unverified" : "refused")}&{query}".TrimEnd('&');
        }

        if (await signIn.AfterFirstAsync(http, user!.Id, ["fed"], http.RequestAborted) is null)
        {
            return $"/sign-in/code?{(to is null ? "" : $"to={Uri.EscapeDataString(to)}&")}{query}".TrimEnd('&', '?');
        }

        // Through the sign-in page, which checks whether this sign-in satisfies the interaction.
        return interaction is null ? to ?? "/account" : $"/sign-in?{query}";
    }
}
