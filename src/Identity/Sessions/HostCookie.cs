namespace Proofsheet.Identity.Sessions;

/// <summary>
/// Cookies that only this host can set, and only over TLS; browsers enforce it by their prefix (RFC 6265bis). They also accept http://localhost as
/// secure, so that development uses the same cookies.
/// </summary>
internal static class HostCookie
{
    public const string Session = "__Host-proofsheet.session";
    public const string SignIn = "__Host-proofsheet.sign-in";
    public const string Passkey = "__Host-proofsheet.passkey";
    public const string Form = "__Host-proofsheet.form";

    public static void Set(HttpContext http, string name, string value, TimeSpan? lasts) =>
        http.Response.Cookies.Append(name, value, Options(lasts));

    public static void Clear(HttpContext http, string name) => http.Response.Cookies.Delete(name, Options(null));

    private static CookieOptions Options(TimeSpan? lasts) => new()
    {
        Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = lasts, IsEssential = true,
    };
}

/// <summary>Keeps the name and the Secure attribute on http://localhost, where the framework would omit the latter.</summary>
internal sealed class HostCookieBuilder : CookieBuilder
{
    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);
        options.Secure = true;
        return options;
    }
}
