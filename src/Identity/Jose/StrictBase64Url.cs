using System.Buffers;
using System.Buffers.Text;

namespace Proofsheet.Jose;

/// <summary>
/// Base64url without padding (RFC 7515 section 2), in its one canonical spelling: padding, white space, other alphabets and set
/// trailing bits are refused. Two spellings of one token would let a revoked or used one come back under another name.
/// </summary>
public static class StrictBase64Url
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<char> Alphabet = SearchValues.Create(Letters);

    /// <summary>The text of <paramref name="bytes"/>, without padding.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>Whether <paramref name="text"/> is canonical; then <paramref name="bytes"/> is what it stands for. The empty text is the empty array.</summary>
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

    /// <summary>The same into a buffer that has room for <see cref="DecodedLength"/> bytes.</summary>
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

        // Two characters over carry 4 bits that stand for nothing, three carry 2; one over can be no byte at all.
        return (text.Length % 4) switch
        {
            0 => true,
            2 => (Letters.IndexOf(text[^1]) & 0b1111) == 0,
            3 => (Letters.IndexOf(text[^1]) & 0b11) == 0,
            _ => false,
        };
    }
}
