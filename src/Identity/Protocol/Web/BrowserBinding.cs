namespace Proofsheet.Identity.Protocol.Web;

/// <summary>
/// Knows a browser again, before anybody signed in: what it began (an authorization, a sign-out) cannot be carried on in another one, so a
/// link with someone else's interaction leads nowhere.
/// </summary>
internal static class BrowserBinding
{
    public const string Cookie = "__Host-proofsheet.browser";

    /// <summary>The hash of this browser's cookie; null when it has none.</summary>
    public static string? Find(HttpContext http) =>
        http.Request.Cookies[Cookie] is { Length: 43 } value ? Handles.Hash(value) : null;

    /// <summary>The same, giving the browser a cookie when it has none.</summary>
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
