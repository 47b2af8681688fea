using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Proofsheet.AccountBff.Sessions;
using Proofsheet.Sdk;

namespace Proofsheet.AccountBff.SignIn;

/// <summary>
/// A sign-in under way, sealed into a cookie of the browser that began it: only that browser can end it (login CSRF), and strangers cannot
/// fill a memory here. Several tabs may be at it, so each has a cookie by its state.
/// </summary>
internal sealed record PendingSignIn(CodeRequest Request, string ReturnTo, string? Studio)
{
    private const string Prefix = "__Host-account.sign-in.";
    private const int MostAtOnce = 4;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public void Keep(HttpContext http, IDataProtectionProvider protection)
    {
        var others = http.Request.Cookies.Keys.Where(k => k.StartsWith(Prefix, StringComparison.Ordinal)).ToList();
        foreach (var name in others.Count < MostAtOnce ? [] : others)
        {
            http.Response.Cookies.Delete(name, SessionCookie.Options());
        }

        http.Response.Cookies.Append(NameOf(Request.State), Protector(protection).Protect(JsonSerializer.Serialize(this), Lifetime), SessionCookie.Options(Lifetime));
    }

    /// <summary>The sign-in that this answer belongs to, when this browser began it; its cookie is gone afterwards.</summary>
    public static PendingSignIn? Take(HttpContext http, IDataProtectionProvider protection)
    {
        if (http.Request.Query["state"] is not [{ Length: > 20 and < 100 } state] || http.Request.Cookies[NameOf(state)] is not { } sealedText)
        {
            return null;
        }

        http.Response.Cookies.Delete(NameOf(state), SessionCookie.Options());
        try
        {
            return JsonSerializer.Deserialize<PendingSignIn>(Protector(protection).Unprotect(sealedText));
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

    private static string NameOf(string state) => Prefix + state[..16];

    private static ITimeLimitedDataProtector Protector(IDataProtectionProvider protection) => protection.CreateProtector("sign-in").ToTimeLimitedDataProtector();
}
