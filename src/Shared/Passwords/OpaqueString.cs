using System.Globalization;
using System.Text;

namespace Proofsheet.Shared.Passwords;

/// <summary>
/// Passwords as RFC 8265 section 4.2 (OpaqueString) compares them: every other space is an ASCII space, and letters are composed (NFC). So the same password
/// is the same on a keyboard or system that takes letters apart, or types no-break spaces. Case still counts.
/// </summary>
internal static class OpaqueString
{
    /// <summary>What is measured and hashed. What is no Unicode (half a surrogate pair) becomes U+FFFD, as in UTF-8.</summary>
    public static string Of(string password)
    {
        var mapped = new StringBuilder(password.Length);
        foreach (var rune in password.EnumerateRunes())
        {
            mapped.Append(Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator ? " " : rune.ToString());
        }

        return mapped.ToString().Normalize(NormalizationForm.FormC);
    }
}
