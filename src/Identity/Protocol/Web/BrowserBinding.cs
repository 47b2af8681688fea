namespace Proofsheet.Identity.Protocol.Web;

/// <summary>
/// Recognizes a browser before anyone has signed in: a flow that it started (an authorization, a sign-out) cannot be continued in another browser,
/// so a link with someone else's interaction does not work.
/// </summary>
internal static class BrowserBinding
{
    public const string Cookie = "__Host-proofsheet.browser";

    /// <summary>The hash of this browser's cookie; null when it has none.</summary>
    public static string? Find(HttpContext http) =>
        http.Request.Cookies[Cookie] is { Length: 43 } value ? Handles.Hash(value) : null;

    /// <summary>The hash of this browser's cookie, which is set if it has none.</summary>
    public static string Ensure(HttpContext http)
    {
        if (Find(http) is { } known)
        {
            return known;
        }

        var value = Handles.New();
        http.Response.Cookies.Append(Cookie, value, new CookieOptions { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true });
        return Handles.Hash(value);
    }
}
