using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Proofsheet.Api.Http;

/// <summary>A time in a query: RFC 3339 with an offset from UTC, as in bodies.</summary>
public readonly record struct Instant(DateTimeOffset Value) : IParsable<Instant>
{
    public static Instant Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var instant) ? instant : throw new FormatException("A time such as 2026-05-30T12:00:00Z.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Instant result)
    {
        result = default;
        // An unescaped plus sign arrives as a space.
        if (s is null || !HasOffset(s) || !DateTimeOffset.TryParse(s.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var value))
        {
            return false;
        }

        result = new(value);
        return true;
    }

    /// <summary>Whether a text with a date and time includes its offset, so that none has to be guessed.</summary>
    public static bool HasOffset(string text) => text.Length > 16 && (text[^1] is 'Z' or 'z' || (text.Length > 21 && text[^6] is '+' or '-' or ' '));

    public override string ToString() => Value.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
