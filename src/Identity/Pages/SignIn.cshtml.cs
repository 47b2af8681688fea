using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Users.Accounts;
using Proofsheet.Identity.Users.Limits;
using Proofsheet.Identity.Users.Passkeys;
using Proofsheet.Identity.Users.Social;
using Proofsheet.Identity.Web;

namespace Proofsheet.Identity.Pages;

internal sealed class SignInPage(
    PasswordSignIn passwords, SignIn signIn, Passkeys passkeys, AttemptLimits limits, UserSessions sessions, SocialProviders social, IdentityDb db) : AuthorityPage
{
    /// <summary>Where to continue when no client is involved; see <see cref="LocalAddress"/>.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; set; }

    /// <summary>Why the sign-in with another provider failed; see SocialReturn.</summary>
    [FromQuery(Name = "social")]
    public string? Social { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    /// <summary>The response of a passkey, as JSON.</summary>
    [BindProperty]
    public string? Credential { get; set; }

    public IReadOnlyList<SocialProvider> Providers => social.All;

    /// <summary>The user is signed in, but not recently enough for what was requested.</summary>
    public bool IsAgain => Who is not null;

    public string InteractionQuery => InteractionId is null ? "" : $"?interaction={Uri.EscapeDataString(InteractionId)}";

    public async Task<IActionResult> OnGetAsync()
    {
        if (Who is not null && IsEnough(Who))
        {
            return GoOn(To);
        }

        if (Interaction is { WantsAccount: true } && Who is null)
        {
            return SeeOther(WithInteraction("/register"));
        }

        if (Interaction is { NeedsSecondFactor: true } && Who is not null && IsRecent(Who))
        {
            return SeeOther(WithInteraction("/account/second-factor"));
        }

        if (Social switch
        {
            "known" => "There is an account with that e-mail address already. Sign in to it here, and connect the other account under “Ways to sign in”.",
            "unverified" => "That account vouches for no e-mail address. Make an account here first, and connect the other one under “Ways to sign in”.",
            "refused" => "That account cannot be used to sign in here.",
            _ => null,
        } is { } why)
        {
            Wrong(why);
        }

        Email = Who is null ? Interaction?.LoginHint : await db.Users.Where(u => u.Id == Who.Subject).Select(u => u.Email).SingleAsync(Cancellation);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (string.IsNullOrEmpty(Credential))
        {
            passwords.RefuseWhenBusy();
        }

        if (await limits.SignInAsync(HttpContext, Cancellation) is { } wait)
        {
            return TooMany(wait);
        }

        if (!string.IsNullOrEmpty(Credential))
        {
            return await passkeys.SignInAsync(HttpContext, Credential, Cancellation) is { } holder
                ? After(await signIn.AfterFirstAsync(HttpContext, holder.UserId, holder.Methods, Cancellation))
                : Again("This passkey was not accepted. Try again, or use your password.");
        }

        return await passwords.CheckAsync(Email, Password ?? "", Cancellation) is { } user
            ? After(await signIn.AfterFirstAsync(HttpContext, user.Id, ["pwd"], Cancellation))
            : Again("The e-mail address or the password is not right. After five wrong tries an account rests for 15 minutes. If you are new, open the link in our mail first.");
    }

    /// <summary>The options for the browser's passkey dialog.</summary>
    public async Task<IActionResult> OnPostOptionsAsync() =>
        await limits.SignInAsync(HttpContext, Cancellation) is null
            ? Content(await passkeys.BeginSignInAsync(HttpContext, Cancellation), "application/json")
            : StatusCode(StatusCodes.Status429TooManyRequests);

    private IActionResult After(SignedIn? who)
    {
        if (who is null)
        {
            return SeeOther(WithInteraction(LocalAddress.Safe(To) is { } to ? $"/sign-in/code?to={Uri.EscapeDataString(to)}" : "/sign-in/code"));
        }

        return Interaction is { NeedsSecondFactor: true } && !IsEnough(who)
            ? SeeOther(WithInteraction("/account/second-factor"))
            : GoOn(To);
    }

    private bool IsEnough(SignedIn who) => IsRecent(who) && (Interaction is not { NeedsSecondFactor: true } || who.Methods.Contains("mfa"));

    private bool IsRecent(SignedIn who) => Interaction is null
        ? To is null || sessions.IsFresh(who)
        : Interaction.SignInAfter is not { } after || who.AuthenticatedAt > after;
}
