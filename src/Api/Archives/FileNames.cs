using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Proofsheet.Api.Archives;

/// <summary>
/// Names of files and folders as they are offered for saving. They come from strangers and end on strangers' disks, so each is one
/// component that Windows, macOS and Linux all take as it is: NFC, no separators or control characters, no reserved device, no
/// dot or space at its ends, and short enough that a number still fits.
/// </summary>
internal static partial class FileNames
{
    /// <summary>Linux counts bytes, up to 255; this leaves room for <c> (70000)</c>.</summary>
    public const int MaxBytes = 240;

    private const int MaxExtensionBytes = 16;

    // What Windows refuses, and what turns text around so that "gpj.exe" reads "exe.jpg".
    private static readonly SearchValues<char> Replaced = SearchValues.Create("<>:\"/\\|?*\u2028\u2029\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffd\uffff\ufffe");

    /// <summary>The photo's name without anything that is a path or a trick, ending as its content is.</summary>
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

    /// <summary>A section's title as the name of a folder.</summary>
    public static string Folder(string title) => Clean(title, "folder");

    /// <summary>Makes names that differ from each other, also where case does not count: <c>a.jpg</c>, <c>a (2).jpg</c>.</summary>
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
            // A lone surrogate comes as U+FFFD; characters beyond the first plane are kept whole.
            var isBad = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control || (rune.IsBmp && Replaced.Contains((char)rune.Value));
            kept.Append(isBad ? "_" : rune.ToString());
        }

        var clean = Trim(Shorten(Trim(kept.ToString().Normalize(NormalizationForm.FormC))));
        if (clean.Length == 0)
        {
            return without;
        }

        // Windows opens a device under these names whatever follows the first dot.
        return Device().IsMatch(clean) ? "_" + clean : clean;
    }

    private static string Trim(string name) => name.TrimStart(' ').TrimEnd(' ', '.').TrimStart('.').Trim(' ');

    // A long name loses its middle rather than its extension, and never half a character.
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

        // One byte is kept for the underscore before a device's name.
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

/// <summary>The names of one folder, each once, where case and composition do not count.</summary>
internal sealed class TakenNames
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    // Where to go on counting, so that ten thousand equal names are not tried from the beginning each.
    private readonly Dictionary<string, int> _next = new(StringComparer.OrdinalIgnoreCase);

    public string Take(string name, bool isFolder)
    {
        // A folder has no extension: the number goes to its end.
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
