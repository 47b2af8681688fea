using System.Globalization;

namespace Proofsheet.Api.Studios.Brands;

/// <summary>The contrast of two colors as defined by WCAG 2.2 (relative luminance, success criterion 1.4.3).</summary>
internal static class Contrast
{
    /// <summary>The contrast that text needs to be readable for most people.</summary>
    public const double Minimum = 4.5;

    /// <summary>From 1 (equal) to 21 (black on white).</summary>
    public static double Between(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string color)
    {
        var rgb = int.Parse(color.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return (0.2126 * Linear(rgb >> 16)) + (0.7152 * Linear((rgb >> 8) & 255)) + (0.0722 * Linear(rgb & 255));
    }

    private static double Linear(int channel)
    {
        var share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }
}
