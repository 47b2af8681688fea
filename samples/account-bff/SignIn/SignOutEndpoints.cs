using Proofsheet.AccountBff.Sessions;
using Proofsheet.AccountBff.Web;
using Proofsheet.Sdk;

namespace Proofsheet.AccountBff.SignIn;

internal static class SignOutEndpoints
{
    private sealed record SignedOut(string Location);

    public static void MapSignOut(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/bff/sign-out", HandleAsync).RequireOwnScript();
        routes.MapPost("/bff/back-channel-logout", BackChannelAsync);
    }

    /// <summary>Ends the session here, revokes its tokens, and returns the URL that ends the authority's session.</summary>
    private static async Task<IResult> HandleAsync(HttpContext http, SessionStore sessions, CodeSignIn signIn, CancellationToken cancellation)
    {
        var session = sessions.Remove(http.Request.SessionSecret());
        http.Response.ClearSession();
        if (session is null || await session.Store.LoadAsync(cancellation) is not { } tokens)
        {
            return Results.Json(new SignedOut("/"));
        }

        await session.Tokens.SignOutAsync(cancellation);
        try
        {
            return Results.Json(new SignedOut((await signIn.SignOutAddressAsync(tokens, http.AddressOf("/"), cancellation))?.AbsoluteUri ?? "/"));
        }
        catch (AuthorityException)
        {
            return Results.Json(new SignedOut("/"));
        }
    }

    /// <summary>Called by the authority when a session ended elsewhere (OpenID Connect Back-Channel Logout 1.0): its sessions here end too.</summary>
    private static async Task<IResult> BackChannelAsync(HttpContext http, SessionStore sessions, LogoutTokens logoutTokens, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!http.Request.HasFormContentType || (await http.Request.ReadFormAsync(cancellation))["logout_token"] is not [{ } text])
        {
            return Results.BadRequest();
        }

        try
        {
            if (await logoutTokens.ReadAsync(text, cancellation) is not { } ended)
            {
                return Results.BadRequest();
            }

            sessions.RemoveWhere(s => ended.SessionId is { } id ? s.Who.SessionId == id : s.Who.Subject == ended.Subject);
            return Results.Ok();
        }
        catch (Exception e) when (e is AuthorityException or HttpRequestException)
        {
            // The authority's keys could not be fetched; it may send the notification again.
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
