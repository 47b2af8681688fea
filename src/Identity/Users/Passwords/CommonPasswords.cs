namespace Proofsheet.Identity.Users.Passwords;

/// <summary>
/// The most common passwords, from npm @zxcvbn-ts/language-common (MIT; its license is at the top of the list), each in the form that is compared.
/// See build/common-passwords.mjs.
/// </summary>
internal static class CommonPasswords
{
    private static readonly Lazy<HashSet<string>> List = new(Read);

    public static int Count => List.Value.Count;

    /// <summary>Whether a password is a disguised common one: with capitals, with digits for letters, or with digits and signs around it.</summary>
    public static bool Contains(string password) => Disguises(password).Any(List.Value.Contains);

    // Two orders, because each finds what the other misses: folding first would turn digits at the end into letters, and trimming first would remove
    // a digit at the front that stands for a letter.
    private static IEnumerable<string> Disguises(string password)
    {
        var small = password.ToLowerInvariant();
        var signs = small.Where(c => !char.IsLetter(c)).Distinct().ToArray();
        string[] bare = [small, small.TrimEnd(signs), small.Trim(signs), .. Repeated(small.Trim(signs)), .. Repeated(small)];
        return bare.Concat(bare.Select(PasswordRules.Fold));
    }

    /// <summary>abcabcabc counts as abc.</summary>
    private static IEnumerable<string> Repeated(string text)
    {
        for (var part = 1; part <= text.Length / 2; part++)
        {
            if (text.Length % part == 0 && string.Concat(Enumerable.Repeat(text[..part], text.Length / part)) == text)
            {
                yield return text[..part];
            }
        }
    }

    private static HashSet<string> Read()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")
            ?? throw new InvalidOperationException("The list of common passwords is not in the assembly.");
        using var reader = new StreamReader(stream);
        var list = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                list.Add(line);
                list.Add(PasswordRules.Fold(line));
            }
        }

        return list;
    }
}
