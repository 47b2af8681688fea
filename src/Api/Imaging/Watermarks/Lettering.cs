using System.Globalization;
using System.Text;
using NetVips;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Metadata;

namespace Proofsheet.Api.Imaging.Watermarks;

/// <summary>Draws text as a mask, in the font that is shipped with the product; missing letters are taken from the system's fonts.</summary>
internal static class Lettering
{
    // The full name, so that fontconfig does not substitute another weight.
    private const string Font = "Inter SemiBold, sans-serif Bold";
    public const int TrialPoints = 48;
    private const int MaxLines = 3;

    // Letters smaller than this fraction of the picture's shorter side are unreadable: a long text gets more lines, then more width.
    private const double LeastHeightShare = 0.02;
    private const int LeastPoints = 8;

    // On a picture of a few pixels, smaller letters would not be drawn at all.
    private const int SmallestPoints = 5;
    private const double MostWidthShare = 0.94;

    /// <summary>One band, 255 where a letter covers, cropped close to the letters.</summary>
    /// <param name="width">The desired width in pixels; increased if the text would be too small to read.</param>
    /// <param name="maxHeight">The maximum height.</param>
    public static Image Draw(string text, double width, double maxHeight, int pictureWidth, int pictureHeight)
    {
        var clean = Clean(text);
        var least = Math.Max(LeastPoints, LeastHeightShare * Math.Min(pictureWidth, pictureHeight));
        var (lines, points, widest) = (clean, 0.0, 0.0);
        for (var count = 1; count <= MaxLines && points < least; count++)
        {
            var broken = Break(clean, count);
            if (count > 1 && broken == lines)
            {
                break;
            }

            using var trial = Write(broken, TrialPoints);
            lines = broken;
            points = TrialPoints * Math.Min(width / trial.Width, maxHeight / trial.Height);
            widest = TrialPoints * Math.Min(MostWidthShare * pictureWidth / trial.Width, maxHeight / trial.Height);
        }

        var drawn = Write(lines, Math.Max(SmallestPoints, Math.Min(Math.Max(points, least), widest)));
        if (drawn.Max() > 0)
        {
            return drawn;
        }

        drawn.Dispose();
        throw new WatermarkFontException();
    }

    /// <summary>One line of what can be drawn. Pictographs are removed: they are colored pictures in special fonts, and numbered boxes without one.</summary>
    public static string Clean(string text)
    {
        var kept = new StringBuilder();
        foreach (var rune in (MetadataText.Clean(text, WatermarkSpec.MaxTextLength) ?? "").EnumerateRunes())
        {
            if (rune.Value is not ((>= 0x1F000 and <= 0x1FBFF) or (>= 0xFE00 and <= 0xFE0F) or 0x20E3))
            {
                kept.Append(Rune.IsWhiteSpace(rune) ? " " : rune.ToString());
            }
        }

        var clean = string.Join(' ', kept.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return clean.Length == 0 ? "©" : clean;
    }

    // Breaks only at spaces, into lines as equal as possible.
    private static string Break(string text, int lines)
    {
        var broken = new StringBuilder();
        var left = text;
        for (; lines > 1; lines--)
        {
            var wanted = left.Length / lines;
            var after = left.IndexOf(' ', Math.Min(wanted, left.Length - 1));
            var before = left.LastIndexOf(' ', Math.Min(wanted, left.Length - 1));
            var at = after < 0 || (before > 0 && wanted - before < after - wanted) ? before : after;
            if (at <= 0)
            {
                break;
            }

            broken.Append(left, 0, at).Append('\n');
            left = left[(at + 1)..];
        }

        return broken.Append(left).ToString();
    }

    public static Image Write(string text, double points)
    {
        VipsRuntime.Ensure();
        try
        {
            var font = $"{Font} {points.ToString("0.##", CultureInfo.InvariantCulture)}";
            return Image.Text(Escape(text), font: font, align: Enums.Align.Centre, dpi: 72, fontfile: WatermarkFont.File);
        }
        catch (VipsException)
        {
            throw new WatermarkFontException();
        }
    }

    // Pango parses markup, but a studio's "Smith & Sons <3" must appear as written.
    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
