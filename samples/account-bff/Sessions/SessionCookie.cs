namespace Proofsheet.AccountBff.Sessions;

/// <summary>
/// The prefix <c>__Host-</c> makes browsers require Secure, Path=/ and no Domain, so that neither plain http nor a sibling host can set the cookie.
/// SameSite is Lax, because the return from the authority starts on another site.
/// </summary>
internal static class SessionCookie
{
    public const string Name = "__Host-account.session";

    public static CookieOptions Options(TimeSpan? lifetime = null) => new()
    {
        HttpOnly = true,
        Secure = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = lifetime,
    };

    public static string? SessionSecret(this HttpRequest request) => request.Cookies[Name];

    // Without a lifetime it ends with the browser; the server enforces its own limits.
    public static void SetSession(this HttpResponse response, string secret) => response.Cookies.Append(Name, secret, Options());

    /// <summary>The authority issued no new token: the session has ended there, so it ends here.</summary>
    public static void EndSession(this HttpContext http, SessionStore sessions)
    {
        sessions.Remove(http.Request.SessionSecret());
        http.Response.ClearSession();
    }

    public static void ClearSession(this HttpResponse response) => response.Cookies.Delete(Name, Options());
}
