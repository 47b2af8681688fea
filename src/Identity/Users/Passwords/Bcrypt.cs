using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Proofsheet.Identity.Users.Passwords;

/// <summary>
/// bcrypt from BCrypt.Net-Next, only in the <c>$2b$</c> form, with the checks that the package leaves to its caller: it silently truncates a password
/// to 72 bytes, treats the obsolete <c>$2$</c>, <c>$2a$</c>, <c>$2x$</c> and <c>$2y$</c> as <c>$2b$</c>, and throws various exceptions for invalid
/// hashes.
/// </summary>
internal static partial class Bcrypt
{
    public const int MaxBytes = 72;
    private const int LowestCost = 4;
    private const int HighestCost = 31;

    /// <exception cref="ArgumentException">bcrypt would read only a part of the password, or the cost is outside 4 to 31.</exception>
    public static string Hash(string password, int cost)
    {
        RequireReadable(password);
        ArgumentOutOfRangeException.ThrowIfLessThan(cost, LowestCost);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cost, HighestCost);
        return BCrypt.Net.BCrypt.HashPassword(password, BCrypt.Net.BCrypt.GenerateSalt(cost, 'b'));
    }

    /// <summary>Compares in constant time; false for anything that is not a <c>$2b$</c> hash.</summary>
    /// <exception cref="ArgumentException">bcrypt would read only a part of the password.</exception>
    public static bool Verify(string password, string hash)
    {
        RequireReadable(password);
        return TryParse(hash, out _) && BCrypt.Net.BCrypt.Verify(password, hash);
    }

    public static bool TryParse(string hash, out int cost)
    {
        cost = 0;
        return Format().Match(hash) is { Success: true } match
            && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out cost) && cost is >= LowestCost and <= HighestCost;
    }

    // A lone surrogate would be hashed as U+FFFD, so that different passwords would match.
    private static void RequireReadable(string password)
    {
        if (password.Contains('\0', StringComparison.Ordinal) || Strict.GetByteCount(password) > MaxBytes)
        {
            throw new ArgumentException("bcrypt would read only a part of this password.", nameof(password));
        }
    }

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [GeneratedRegex(@"\A\$2b\$([0-9]{2})\$[./A-Za-z0-9]{53}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Format();
}
