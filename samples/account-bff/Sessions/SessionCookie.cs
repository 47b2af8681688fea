namespace Proofsheet.AccountBff.Sessions;

/// <summary>
/// <c>__Host-</c> makes browsers insist on Secure, the whole site and no Domain, so that neither plain http nor a neighboring host can set it.
/// Lax: the way back from the authority begins there.
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

    // Without a lifetime it ends with the browser; the server's limits hold anyway.
    public static void SetSession(this HttpResponse response, string secret) => response.Cookies.Append(Name, secret, Options());

    public static void ClearSession(this HttpResponse response) => response.Cookies.Delete(Name, Options());
}
