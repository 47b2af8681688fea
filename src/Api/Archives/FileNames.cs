using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Proofsheet.Api.Archives;

/// <summary>
/// File and folder names for downloads. They come from untrusted clients and end up on other people's disks, so each is a single
/// component that Windows, macOS and Linux all accept: NFC, no separators or control characters, no reserved device, no
/// leading or trailing dot or space, and short enough that a number can still be added.
/// </summary>
internal static partial class FileNames
{
    /// <summary>Linux allows 255 bytes; this leaves room for <c> (70000)</c>.</summary>
    public const int MaxBytes = 240;

    private const int MaxExtensionBytes = 16;

    // Characters that Windows refuses, and direction marks that make "gpj.exe" look like "exe.jpg".
    private static readonly SearchValues<char> Replaced = SearchValues.Create("<>:\"/\\|?*\u2028\u2029\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffd\uffff\ufffe");

    /// <summary>The photo's name without path parts or misleading characters, with an extension that matches its content.</summary>
    public static string Of(string fileName, string contentType)
    {
        var clean = Clean(fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..], "photo");
        var extension = contentType switch
        {
            "image/jpeg" => ".jpg",
            "image/png" => ".png",
            "image/webp" => ".webp",
            "image/tiff" => ".tif",
            "image/avif" => ".avif",
            "image/heic" or "image/heif" => ".heic",
            _ => Path.GetExtension(clean),
        };
        var known = Path.GetExtension(clean);
        var fits = string.Equals(known, extension, StringComparison.OrdinalIgnoreCase)
            || (extension == ".jpg" && string.Equals(known, ".jpeg", StringComparison.OrdinalIgnoreCase))
            || (extension == ".tif" && string.Equals(known, ".tiff", StringComparison.OrdinalIgnoreCase));
        return fits ? clean : Clean(Path.GetFileNameWithoutExtension(clean) + extension, "photo");
    }

    /// <summary>A section's title as a folder name.</summary>
    public static string Folder(string title) => Clean(title, "folder");

    /// <summary>Makes names unique, ignoring case: <c>a.jpg</c>, <c>a (2).jpg</c>.</summary>
    public static IReadOnlyList<string> Distinct(IEnumerable<string> names)
    {
        var taken = new TakenNames();
        return [.. names.Select(n => taken.Take(n, isFolder: false))];
    }

    private static string Clean(string name, string without)
    {
        var kept = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            // A lone surrogate is read as U+FFFD; characters beyond the basic plane are kept whole.
            var isBad = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control || (rune.IsBmp && Replaced.Contains((char)rune.Value));
            kept.Append(isBad ? "_" : rune.ToString());
        }

        var clean = Trim(Shorten(Trim(kept.ToString().Normalize(NormalizationForm.FormC))));
        if (clean.Length == 0)
        {
            return without;
        }

        // Windows opens a device under these names, whatever follows the first dot.
        return Device().IsMatch(clean) ? "_" + clean : clean;
    }

    private static string Trim(string name) => name.TrimStart(' ').TrimEnd(' ', '.').TrimStart('.').Trim(' ');

    // A long name is shortened in the middle, so that it keeps its extension, and never in the middle of a character.
    private static string Shorten(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) < MaxBytes)
        {
            return name;
        }

        var extension = Path.GetExtension(name);
        if (Encoding.UTF8.GetByteCount(extension) > MaxExtensionBytes)
        {
            extension = "";
        }

        // One byte is reserved for the underscore before a device name.
        var room = MaxBytes - 1 - Encoding.UTF8.GetByteCount(extension);
        var kept = new StringBuilder();
        var elements = StringInfo.GetTextElementEnumerator(name[..^extension.Length]);
        while (elements.MoveNext() && (room -= Encoding.UTF8.GetByteCount(elements.GetTextElement())) >= 0)
        {
            kept.Append(elements.GetTextElement());
        }

        return kept.ToString().TrimEnd(' ', '.') + extension;
    }

    [GeneratedRegex(@"^(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])[ ]*(\.|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Device();
}

/// <summary>The names used in one folder, each once, ignoring case and Unicode composition.</summary>
internal sealed class TakenNames
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    // The next number to try, so that ten thousand equal names are not each tried from the beginning.
    private readonly Dictionary<string, int> _next = new(StringComparer.OrdinalIgnoreCase);

    public string Take(string name, bool isFolder)
    {
        // A folder has no extension, so the number goes at the end.
        var (stem, extension) = isFolder ? (name, "") : (Path.GetFileNameWithoutExtension(name), Path.GetExtension(name));
        var unique = name;
        while (!_taken.Add(unique))
        {
            var number = _next.GetValueOrDefault(name, 2);
            _next[name] = number + 1;
            unique = FormattableString.Invariant($"{stem} ({number}){extension}");
        }

        return unique;
    }
}
