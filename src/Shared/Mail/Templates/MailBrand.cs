using System.Globalization;

namespace Proofsheet.Shared.Mail.Templates;

/// <summary>How a studio's mails look. Invalid values are omitted or replaced, because the mail has to be sent anyway.</summary>
public sealed record MailBrand
{
    private const string DefaultAccent = "#2f3a4a";

    public required string Name { get; init; }

    /// <summary>An https URL; mail readers do not load others.</summary>
    public string? LogoUrl { get; init; }

    /// <summary><c>#rrggbb</c>, for buttons.</summary>
    public string? AccentColor { get; init; }

    /// <summary>Who sends the mail and why, such as the studio's postal address.</summary>
    public string? FooterText { get; init; }

    internal string? SafeLogoUrl => SafeUrl(LogoUrl) is { } url && url.StartsWith("https:", StringComparison.Ordinal) ? url : null;

    internal string Accent => AccentColor is { Length: 7 } c && c[0] == '#' && c.Skip(1).All(char.IsAsciiHexDigit) ? c : DefaultAccent;

    /// <summary>Black or white, whichever is easier to read on the accent color (relative luminance of WCAG 2).</summary>
    internal string OnAccent
    {
        get
        {
            var luminance = (0.2126 * Linear(1)) + (0.7152 * Linear(3)) + (0.0722 * Linear(5));
            return luminance > 0.179 ? "#000000" : "#ffffff";

            double Linear(int at)
            {
                var part = int.Parse(Accent.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
                return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
            }
        }
    }

    /// <summary>Encoding does not make a URL safe: <c>javascript:</c> and similar schemes are omitted.</summary>
    internal static string? SafeUrl(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is ("https" or "http") ? parsed.AbsoluteUri : null;
}
