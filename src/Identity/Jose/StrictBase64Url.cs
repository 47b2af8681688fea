using System.Buffers;
using System.Buffers.Text;

namespace Proofsheet.Jose;

/// <summary>
/// Base64url without padding (RFC 7515 section 2), in its one canonical form: padding, white space, other alphabets and nonzero trailing bits are
/// refused. With two spellings of one token, a revoked or used one could come back under the other.
/// </summary>
public static class StrictBase64Url
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<char> Alphabet = SearchValues.Create(Letters);

    /// <summary>Encodes <paramref name="bytes"/> without padding.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>Decodes <paramref name="text"/>; false when it is not canonical. The empty text is the empty array.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (!IsCanonical(text))
        {
            return false;
        }

        bytes = new byte[DecodedLength(text.Length)];
        return Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == bytes.Length;
    }

    /// <summary>Decodes into a buffer of at least <see cref="DecodedLength"/> bytes.</summary>
    internal static bool TryDecode(ReadOnlySpan<char> text, Span<byte> buffer, out int written)
    {
        written = 0;
        return IsCanonical(text) && Base64Url.TryDecodeFromChars(text, buffer, out written);
    }

    internal static int DecodedLength(int characters) => (int)((long)characters * 3 / 4);

    private static bool IsCanonical(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExcept(Alphabet))
        {
            return false;
        }

        // Two leftover characters have 4 unused bits, three have 2, which must be zero; one leftover character cannot be a byte.
        return (text.Length % 4) switch
        {
            0 => true,
            2 => (Letters.IndexOf(text[^1]) & 0b1111) == 0,
            3 => (Letters.IndexOf(text[^1]) & 0b11) == 0,
            _ => false,
        };
    }
}
