using System.Globalization;
using System.Text;
using Proofsheet.Api.Http;

namespace Proofsheet.Api.Imaging.Metadata;

/// <summary>Makes text from a file safe to store: valid Unicode, no control characters, bounded length.</summary>
internal static class MetadataText
{
    /// <summary>For a single line: line breaks, and the zeros that cameras put between parts, become spaces.</summary>
    public static string? Line(string? text, int maxLength) => Clean(text is null ? null : OneLine.Of(Bounded(text, maxLength)), maxLength);

    /// <summary>For text of any number of lines.</summary>
    public static string? Clean(string? text, int maxLength)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var kept = new StringBuilder();
        foreach (var rune in Bounded(text, maxLength).ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t')
            {
                kept.Append(rune.Value == '\t' ? ' ' : '\n');
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned) && rune != Rune.ReplacementChar)
            {
                kept.Append(rune);
            }
        }

        var clean = kept.ToString().Trim();
        if (clean.Length > maxLength)
        {
            clean = clean[..(char.IsHighSurrogate(clean[maxLength - 1]) ? maxLength - 1 : maxLength)].TrimEnd();
        }

        return clean.Length == 0 ? null : clean;
    }

    // Only four times the limit is examined, so that a megabyte of blanks costs nothing.
    private static string Bounded(string text, int maxLength) => text[..Math.Min(text.Length, 4 * maxLength)];

    /// <summary>Reads EXIF's "2024:05:17 18:02:11", also with dashes or a T; null for zeros and nonsense that cameras write.</summary>
    public static DateTime? Date(string? text)
    {
        if (text is null || text.Length < 19)
        {
            return null;
        }

        var plain = text[..19].Replace('T', ' ').ToCharArray();
        plain[4] = plain[7] = '-';
        return DateTime.TryParseExact(plain, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date.Year is >= 1826 and <= 2200
            ? DateTime.SpecifyKind(date, DateTimeKind.Unspecified)
            : null;
    }

    /// <summary>Reads "+02:00"; null if absent or outside the range of real time zones.</summary>
    public static TimeSpan? Offset(string? text)
    {
        var plain = text?.Trim('\0', ' ');
        if (plain == "Z")
        {
            return TimeSpan.Zero;
        }

        if (plain is not { Length: 6 } || plain[0] is not ('+' or '-')
            || !TimeSpan.TryParseExact(plain.AsSpan(1), @"hh\:mm", CultureInfo.InvariantCulture, out var offset)
            || offset > TimeSpan.FromHours(14))
        {
            return null;
        }

        return plain[0] == '-' ? -offset : offset;
    }
}
