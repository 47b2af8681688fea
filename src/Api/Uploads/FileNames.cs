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
    private const int BlackFlag = 0x1F3F4;
    private const int FirstTag = 0xE0020;
    private const int LastTag = 0xE007F;

    // Five letters and the end.
    private const int MaxTags = 6;

    /// <summary>
    /// The last segment of a path, without control characters and text-direction marks, cut to 255 characters. Tabs and line breaks become a space. The
    /// invisible characters that words and pictographs are written with stay.
    /// </summary>
    public static string Clean(string? given)
    {
        var runes = (given ?? "").Split('/', '\\')[^1].EnumerateRunes().ToArray();
        var kept = new StringBuilder(Math.Min(runes.Length, MaxLength));
        for (var i = 0; i < runes.Length; i++)
        {
            if (IsBlank(runes[i]))
            {
                kept.Append(kept is [.., not ' '] ? " " : "");
            }
            else if (IsKept(runes.AsSpan(), i))
            {
                kept.Append(runes[i].ToString());
            }
        }

        var name = kept.ToString();
        return name.Trim(' ', '.').Length > 0 ? Shorten(name.Trim()) : "photo";
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

    private static bool IsBlank(Rune rune) => rune.Value is (>= '\t' and <= '\r') or 0x85 or 0x2028 or 0x2029;

    // Format characters include the direction marks that make "gpj.exe" look like "exe.jpg"; lone surrogates are read as U+FFFD.
    private static bool IsKept(ReadOnlySpan<Rune> name, int at) => Rune.GetUnicodeCategory(name[at]) switch
    {
        UnicodeCategory.Control or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => false,
        UnicodeCategory.Format => IsPartOfWriting(name, at),
        _ => true,
    };

    private static bool IsPartOfWriting(ReadOnlySpan<Rune> name, int at)
    {
        var previous = at == 0 ? default : name[at - 1];
        var next = at + 1 == name.Length ? default : name[at + 1];
        return name[at].Value switch
        {
            // The joiners of families, flags, Persian and Hindi: between two characters of such a script, or after a sign that changes a letter.
            0x200C or 0x200D => IsJoined(previous) && (IsJoined(next) || IsMark(previous)),
            >= FirstTag and <= LastTag => IsTagOfFlag(name, at),
            // Signs of Arabic, Syriac and Kaithi that enclose the digits after them; they are visible.
            (>= 0x600 and <= 0x605) or 0x6DD or 0x70F or 0x890 or 0x891 or 0x8E2 or 0x110BD or 0x110CD => true,
            _ => false,
        };
    }

    private static bool IsJoined(Rune rune) => !rune.IsAscii && (Rune.IsLetter(rune) || IsMark(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol);

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // The letters that tell the flags of England, Scotland and Wales apart follow a black flag. More of them, or elsewhere, would hide a text in the name.
    private static bool IsTagOfFlag(ReadOnlySpan<Rune> name, int at)
    {
        var before = at - 1;
        while (before >= 0 && at - before < MaxTags && name[before].Value is >= FirstTag and <= LastTag)
        {
            before--;
        }

        return before >= 0 && name[before].Value == BlackFlag;
    }
}
