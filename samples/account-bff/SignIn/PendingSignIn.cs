using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Proofsheet.AccountBff.Sessions;
using Proofsheet.Sdk;

namespace Proofsheet.AccountBff.SignIn;

/// <summary>
/// A pending sign-in, sealed into a cookie of the browser that started it: only that browser can complete it (login CSRF), and no server memory can
/// be filled by strangers. Each has a cookie named after its state, because several tabs may sign in at once.
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

    /// <summary>The pending sign-in of this response, if this browser started it. Its cookie is removed.</summary>
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
