namespace Proofsheet.Api.Downloads;

/// <summary>Names of files as they are offered for saving. They come from strangers and end on strangers' disks.</summary>
internal static class FileNames
{
    private const int MaxLength = 180;

    /// <summary>The photo's name without anything that is a path or a trick, ending as its content is.</summary>
    public static string Of(string fileName, string contentType)
    {
        var clean = Clean(fileName);
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
        return fits ? clean : Path.GetFileNameWithoutExtension(clean) + extension;
    }

    /// <summary>Makes names that differ from each other, also where case does not count: <c>a.jpg</c>, <c>a (2).jpg</c>.</summary>
    public static IReadOnlyList<string> Distinct(IEnumerable<string> names)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        // Where to go on counting, so that ten thousand equal names are not tried from the beginning each.
        var next = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var distinct = new List<string>();
        foreach (var name in names)
        {
            var unique = name;
            while (!taken.Add(unique))
            {
                var number = next.GetValueOrDefault(name, 2);
                next[name] = number + 1;
                unique = FormattableString.Invariant($"{Path.GetFileNameWithoutExtension(name)} ({number}){Path.GetExtension(name)}");
            }

            distinct.Add(unique);
        }

        return distinct;
    }

    private static string Clean(string name)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = string.Concat(last.Select(c => char.IsControl(c) || char.IsSurrogate(c) || "<>:\"|?*\u2028\u2029\u202e\u202d\u2066\u2067\u2068\u2069\u200e\u200f".Contains(c, StringComparison.Ordinal) ? '_' : c)).Trim(' ', '.');
        if (clean.Length > MaxLength)
        {
            var extension = Path.GetExtension(clean);
            clean = clean[..(MaxLength - Math.Min(extension.Length, 10))] + extension[..Math.Min(extension.Length, 10)];
        }

        return clean.Length == 0 ? "photo" : clean;
    }
}
