using System.Globalization;
using System.Text.RegularExpressions;

namespace Proofsheet.Identity.Protocol.Clients;

/// <summary>Which redirect URIs a client may register, and whether a requested one is registered.</summary>
internal static partial class RedirectUris
{
    public const int MaxLength = 2000;

    /// <summary>
    /// Compared character by character (RFC 9700 section 2.1), except for the port of a native client's loopback URI, because the client uses whichever
    /// port is free (RFC 8252 section 7.3). Nothing is parsed or normalized: redirects are stolen when two readers interpret one text differently.
    /// </summary>
    public static bool Allows(Client client, IEnumerable<string> registered, string asked)
    {
        if (asked.Length > MaxLength)
        {
            return false;
        }

        var askedLoopback = client.ApplicationType == ApplicationTypes.Native ? Loopback().Match(asked) : Match.Empty;
        foreach (var uri in registered)
        {
            if (string.Equals(uri, asked, StringComparison.Ordinal))
            {
                return true;
            }

            if (askedLoopback.Success && Loopback().Match(uri) is { Success: true } known
                && known.Groups["host"].ValueSpan.SequenceEqual(askedLoopback.Groups["host"].ValueSpan)
                && known.Groups["rest"].ValueSpan.SequenceEqual(askedLoopback.Groups["rest"].ValueSpan)
                && (askedLoopback.Groups["port"].ValueSpan is "" || int.Parse(askedLoopback.Groups["port"].ValueSpan, CultureInfo.InvariantCulture) is > 0 and <= 65535))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Why this URI cannot be a redirect URI; null when it can.</summary>
    public static string? Error(string uri, string applicationType)
    {
        if (uri.Length is 0 or > MaxLength || uri.Any(c => c is <= ' ' or >= '\x7f' or '*' or '\\' or '<' or '>' or '"') || uri.Contains('#')
            || !Uri.TryCreate(uri, UriKind.Absolute, out var parsed))
        {
            return "it is no absolute address in ASCII without fragment, blank or wildcard.";
        }

        if (parsed.UserInfo.Length > 0 || uri.Contains("/../", StringComparison.Ordinal) || uri.Contains("/./", StringComparison.Ordinal))
        {
            return "user names and dot segments are not allowed.";
        }

        return (parsed.Scheme, applicationType) switch
        {
            ("https", _) => uri.StartsWith("https://", StringComparison.Ordinal) && parsed.Host.Length > 0 ? null : "it has no host.",
            // A page on the developer's machine, or a native application's local server: neither leaves the machine.
            ("http", _) => uri.StartsWith("http://", StringComparison.Ordinal) && parsed.IsLoopback ? null : "http is for loopback addresses only.",
            // RFC 8252 section 7.1: a private-use scheme is a reversed domain name, so it contains a dot. javascript: and data: do not.
            (_, ApplicationTypes.Native) => parsed.Scheme.Contains('.', StringComparison.Ordinal) ? null : "a private-use scheme is a domain name in reverse, such as com.example.app.",
            _ => "only native applications use schemes of their own.",
        };
    }

    /// <summary>The form-action source for a page's Content-Security-Policy, so that the redirect after its form is allowed.</summary>
    public static string FormActionSource(string uri)
    {
        var parsed = new Uri(uri);
        return parsed.Scheme is "http" or "https" ? parsed.GetLeftPart(UriPartial.Authority) : $"{parsed.Scheme}:";
    }

    /// <summary>Adds query parameters to a URI.</summary>
    public static string With(string uri, IEnumerable<KeyValuePair<string, string?>> parameters)
    {
        var query = string.Join('&', parameters.Where(p => p.Value is not null).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!)}"));
        return query.Length == 0 ? uri : $"{uri}{(uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}";
    }

    [GeneratedRegex(@"\Ahttp://(?<host>127\.0\.0\.1|\[::1\])(:(?<port>[0-9]{1,5}))?(?<rest>(/[^#]*)?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Loopback();
}
