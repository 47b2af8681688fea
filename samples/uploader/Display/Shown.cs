using System.Globalization;

namespace Proofsheet.Uploader.Display;

/// <summary>Formats texts and numbers for display.</summary>
internal static class Shown
{
    /// <summary>File names and server responses may contain terminal control characters, which are shown as question marks.</summary>
    public static string Text(string text) => string.Concat(text.EnumerateRunes().Select(r =>
        Rune(r) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? "?" : r.ToString()));

    public static string Bytes(long bytes)
    {
        var culture = CultureInfo.InvariantCulture;
        return bytes < 1_000_000 ? string.Create(culture, $"{Math.Ceiling(bytes / 1000.0):0} kB")
            : bytes < 1_000_000_000 ? string.Create(culture, $"{bytes / 1e6:0.0} MB")
            : string.Create(culture, $"{bytes / 1e9:0.00} GB");
    }

    public static string Time(TimeSpan time) => time.TotalSeconds < 60 ? $"{Math.Max(1, (int)time.TotalSeconds)} s"
        : time.TotalHours < 1 ? $"{time.Minutes} min {time.Seconds} s"
        : $"{(int)time.TotalHours} h {time.Minutes} min";

    /// <summary>Fits a text to the width, keeping its end, because that is where the names of photos differ.</summary>
    public static string Fit(string text, int width) => text.Length <= width ? text.PadRight(width) : $"…{text[^(width - 1)..]}";

    private static UnicodeCategory Rune(System.Text.Rune rune) => System.Text.Rune.GetUnicodeCategory(rune);
}
