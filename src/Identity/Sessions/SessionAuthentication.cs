using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Ports;

namespace Proofsheet.Identity.Sessions;

/// <summary>Makes the signed-in user known to ASP.NET Core: pages ask for it, and antiforgery tokens are bound to it.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IUserSessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await sessions.CurrentAsync(Context, Context.RequestAborted) is not { } who)
        {
            return AuthenticateResult.NoResult();
        }

        var identity = new ClaimsIdentity([new Claim("sub", who.Subject), new Claim("sid", who.SessionId)], Scheme.Name, "sub", null);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    /// <summary>Redirects to the sign-in page, which only returns to pages of this authority.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var to = HttpMethods.IsGet(Request.Method) ? $"?to={Uri.EscapeDataString(Request.Path + Request.QueryString)}" : "";
        Response.Redirect($"/sign-in{to}");
        return Task.CompletedTask;
    }
}
