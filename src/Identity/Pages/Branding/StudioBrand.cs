using System.Globalization;
using System.Text.RegularExpressions;

namespace Proofsheet.Identity.Pages.Branding;

/// <summary>A studio's branding; invalid parts are omitted.</summary>
internal sealed partial record StudioBrand(string Slug, string Name, string? LogoUrl, string? Accent)
{
    /// <summary>WCAG 2.2, 1.4.3: text on the accent color, and the accent as text, must be readable on white and in dark mode.</summary>
    private const double LeastContrast = 4.5;

    private const string Light = "#ffffff";
    private const string Dark = "#1d2024";

    public string? LogoOrigin => LogoUrl is null ? null : new Uri(LogoUrl).GetLeftPart(UriPartial.Authority);

    /// <summary>Validates the API's response: unreadable colors are ignored, and a logo must come from https or the API.</summary>
    public static StudioBrand Of(string slug, string name, string? logoUrl, string? accent, Uri api)
    {
        var logo = logoUrl is not null && Uri.TryCreate(api, logoUrl, out var address) && address.UserInfo.Length == 0
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == api.Scheme && address.Authority == api.Authority))
            ? address.AbsoluteUri
            : null;
        return new StudioBrand(slug, name.Length > 100 ? name[..100] : name, logo, accent is not null && Color().IsMatch(accent) ? accent.ToLowerInvariant() : null);
    }

    /// <summary>The studio's colors as a style sheet; empty when its accent color cannot be used.</summary>
    public string ToCss()
    {
        if (Accent is not { } accent)
        {
            return "";
        }

        var on = Contrast(accent, Light) >= Contrast(accent, "#000000") ? Light : "#000000";
        // The accent is always used for buttons, but for links, which are text, only where its contrast is sufficient.
        var css = $":root {{ --accent: {accent}; --on-accent: {on}; {(Contrast(accent, Light) >= LeastContrast ? $"--link: {accent}; " : "")}}}\n";
        return css + $"@media (prefers-color-scheme: dark) {{ :root {{ --link: {(Contrast(accent, Dark) >= LeastContrast ? accent : "var(--plain-link)")}; }} }}\n";
    }

    internal static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string color)
    {
        return (0.2126 * Linear(1)) + (0.7152 * Linear(3)) + (0.0722 * Linear(5));

        double Linear(int at)
        {
            var part = int.Parse(color.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
        }
    }

    [GeneratedRegex("^#[0-9a-fA-F]{6}$")]
    private static partial Regex Color();
}
