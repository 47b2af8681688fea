using System.Globalization;
using System.Text;

namespace Proofsheet.Api.Uploads;

/// <summary>Cleans up file names that clients sent, for display and sorting. They are never used as paths.</summary>
internal static class FileNames
{
    public const int MaxLength = 255;
    private const int MaxExtension = 16;
    private const int PaddedDigits = 12;
    private const int MaxSortLength = 400;

    /// <summary>The last segment of a path, without control characters and text-direction marks, cut to 255 characters.</summary>
    public static string Clean(string? given)
    {
        var last = (given ?? "").Split('/', '\\')[^1];
        var kept = new StringBuilder(Math.Min(last.Length, MaxLength));
        foreach (var rune in last.EnumerateRunes())
        {
            // Format characters include the direction marks that make "gpj.exe" look like "exe.jpg"; lone surrogates are read as U+FFFD.
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned))
            {
                kept.Append(rune.ToString());
            }
        }

        var name = kept.ToString().Trim(' ', '.') is { Length: > 0 } some ? Shorten(kept.ToString().Trim()) : "photo";
        return name;
    }

    /// <summary>Lower case, with numbers padded to a fixed width, so that a text comparison puts IMG_2 before IMG_10.</summary>
    public static string Sortable(string name)
    {
        var sortable = new StringBuilder(name.Length + PaddedDigits);
        for (var i = 0; i < name.Length;)
        {
            if (!char.IsAsciiDigit(name[i]))
            {
                sortable.Append(char.ToLowerInvariant(name[i++]));
                continue;
            }

            var start = i;
            while (i < name.Length && char.IsAsciiDigit(name[i]))
            {
                i++;
            }

            sortable.Append(name.AsSpan(start, i - start).TrimStart('0').ToString().PadLeft(PaddedDigits, '0'));
        }

        return Cut(sortable.ToString(), MaxSortLength);
    }

    // A long name is shortened in the middle, so that it keeps its extension.
    private static string Shorten(string name)
    {
        if (name.Length <= MaxLength)
        {
            return name;
        }

        var dot = name.LastIndexOf('.');
        var extension = dot > 0 && name.Length - dot <= MaxExtension ? name[dot..] : "";
        return Cut(name, MaxLength - extension.Length) + extension;
    }

    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        return char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }
}
