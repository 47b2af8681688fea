using System.Globalization;
using System.Text;
using Proofsheet.Shared.Passwords;

namespace Proofsheet.Identity.Users.Passwords;

/// <summary>The rules for passwords. Returns all errors at once, as texts for the page.</summary>
internal static class PasswordRules
{
    public const int Shortest = 12;
    public const int Longest = 128;

    /// <summary>Shorter words are part of too many others to be refused.</summary>
    private const int ShortestWord = 4;

    /// <param name="password">As typed; measured as it is hashed (<see cref="OpaqueString"/>).</param>
    /// <param name="personal">What it must not contain: the email address, the names of the user and the studio.</param>
    public static IReadOnlyList<string> Errors(string password, params IEnumerable<string?> personal)
    {
        password = OpaqueString.Of(password);
        var errors = new List<string>();
        // Counted as a reader counts: an emoji is one character, and does not make a password long.
        var length = new StringInfo(password).LengthInTextElements;
        if (length < Shortest)
        {
            errors.Add($"Use at least {Shortest} characters.");
        }

        if (length > Longest || password.Length > Longest * 4)
        {
            errors.Add($"Use at most {Longest} characters.");
            return errors;
        }

        if (!password.Any(char.IsLower) || !password.Any(char.IsUpper) || !password.Any(char.IsDigit) || !password.Any(c => !char.IsLetterOrDigit(c)))
        {
            errors.Add("Use small letters, capital letters, digits and other signs.");
        }

        if (password.Any(char.IsControl))
        {
            errors.Add("Leave out control characters, such as tabs.");
        }

        if (CommonPasswords.Contains(password))
        {
            errors.Add("This is close to a password that many people use. Choose another.");
        }

        var folded = Fold(password);
        if (personal.SelectMany(Words).Append("proofsheet").Any(word => folded.Contains(Fold(word), StringComparison.Ordinal)))
        {
            errors.Add("Leave out your name, your e-mail address, and the names of your studio and of Proofsheet.");
        }

        return errors;
    }

    /// <summary>Lowercases and replaces digits and signs by the letters they stand for: <c>P@ssw0rd</c> becomes password.</summary>
    internal static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.ToLowerInvariant())
        {
            folded.Append(c switch
            {
                '0' => 'o',
                '1' or '!' or '|' => 'i',
                '3' or '€' => 'e',
                '4' or '@' => 'a',
                '5' or '$' => 's',
                '7' or '+' => 't',
                '8' => 'b',
                '9' => 'g',
                _ => c,
            });
        }

        return folded.ToString();
    }

    private static IEnumerable<string> Words(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        // Only the part before the @: the provider's name is not personal, and often short.
        var local = text.Split('@')[0];
        return local.Split(' ', '.', '-', '_', '+').Append(local).Where(word => word.Length >= ShortestWord);
    }
}
