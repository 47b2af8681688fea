using System.Text;

namespace Proofsheet.Shared.Keyrings;

/// <summary>A column of values that <see cref="Keyring.Seal"/> made; each begins with the id of its master key.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SealedAttribute : Attribute;

/// <summary>The beginning of a sealed value: a byte for the format, the length of the master key's id, the id.</summary>
internal static class SealedHeader
{
    private const byte Format = 1;
    private const int MaxIdLength = 8;

    public static byte[] Of(string keyId) => [Format, (byte)keyId.Length, .. Encoding.ASCII.GetBytes(keyId)];

    /// <summary>The id of the master key that sealed the value; null if it is none of ours. It is not yet verified.</summary>
    public static string? KeyIdIn(ReadOnlySpan<byte> value) =>
        value is [Format, > 0 and <= MaxIdLength, ..] && value.Length >= 2 + value[1] && value.Slice(2, value[1]).IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0
            ? Encoding.ASCII.GetString(value.Slice(2, value[1]))
            : null;

    // The header has a length of its own, so that no other header and purpose give the same bytes.
    public static byte[] Authenticated(byte[] header, string purpose) => [.. header, .. Encoding.UTF8.GetBytes(purpose)];
}
