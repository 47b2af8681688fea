using System.Globalization;

namespace Proofsheet.Api.Http;

/// <summary>The header Retry-After (RFC 9110, section 10.2.3), in seconds.</summary>
internal static class RetryAfter
{
    /// <summary>Writes the header. Returns the whole seconds, at least one.</summary>
    public static int Write(HttpContext http, TimeSpan wait)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return seconds;
    }

    /// <summary>For a sentence: <c>40 seconds</c>, <c>15 minutes</c>.</summary>
    public static string Words(int seconds) => seconds <= 90 ? $"{seconds} seconds" : $"{(seconds + 59) / 60} minutes";
}
