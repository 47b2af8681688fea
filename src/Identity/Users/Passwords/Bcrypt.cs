using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Proofsheet.Identity.Users.Passwords;

/// <summary>
/// bcrypt in its <c>$2b$</c> form (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999), since no kept package of it is to
/// be had here. It reads at most 72 bytes and ends at a NUL: callers give it the 64 characters of a keyed hash.
/// </summary>
internal static class Bcrypt
{
    public const int MaxBytes = 72;
    private const int SaltBytes = 16;
    private const int HashBytes = 23;
    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // Blowfish begins with the fraction of pi in hexadecimal: 18 words, then four boxes of 256.
    private static readonly uint[] Pi = Digits(18 + (4 * 256));

    public static string Hash(ReadOnlySpan<byte> password, int cost) => Hash(password, cost, RandomNumberGenerator.GetBytes(SaltBytes));

    public static bool Verify(ReadOnlySpan<byte> password, string hash) =>
        TryParse(hash, out var cost, out var salt)
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(password, cost, salt)), Encoding.ASCII.GetBytes(hash));

    public static bool TryParse(string hash, out int cost, out byte[] salt)
    {
        (cost, salt) = (0, []);
        return hash.Length == 60 && hash.StartsWith("$2b$", StringComparison.Ordinal) && hash[6] == '$'
            && int.TryParse(hash.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out cost) && cost is >= 4 and <= 31
            && TryDecode(hash.AsSpan(7, 22), out salt);
    }

    public static string Hash(ReadOnlySpan<byte> password, int cost, ReadOnlySpan<byte> salt)
    {
        if (password.Length > MaxBytes || password.Contains((byte)0))
        {
            throw new ArgumentException("bcrypt would read only a part of this password.", nameof(password));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(cost, 4);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cost, 31);
        ArgumentOutOfRangeException.ThrowIfNotEqual(salt.Length, SaltBytes);
        // The NUL at the end is part of the key.
        Span<byte> key = stackalloc byte[password.Length + 1];
        password.CopyTo(key);
        key[^1] = 0;
        var state = (uint[])Pi.Clone();
        Expand(state, key, salt);
        for (var round = 1UL << cost; round > 0; round--)
        {
            Expand(state, key, default);
            Expand(state, salt, default);
        }

        CryptographicOperations.ZeroMemory(key);
        var text = "OrpheanBeholderScryDoubt"u8;
        Span<byte> result = stackalloc byte[24];
        for (var block = 0; block < 24; block += 8)
        {
            var left = BinaryPrimitives.ReadUInt32BigEndian(text[block..]);
            var right = BinaryPrimitives.ReadUInt32BigEndian(text[(block + 4)..]);
            for (var i = 0; i < 64; i++)
            {
                Encipher(state, ref left, ref right);
            }

            BinaryPrimitives.WriteUInt32BigEndian(result[block..], left);
            BinaryPrimitives.WriteUInt32BigEndian(result[(block + 4)..], right);
        }

        // The last byte is left out, as ever since the first implementation.
        return string.Create(CultureInfo.InvariantCulture, $"$2b${cost:00}${Encode(salt)}{Encode(result[..HashBytes])}");
    }

    private static void Expand(uint[] state, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        for (int i = 0, at = 0; i < 18; i++)
        {
            state[i] ^= NextWord(key, ref at);
        }

        uint left = 0, right = 0;
        for (int i = 0, at = 0; i < state.Length; i += 2)
        {
            if (!salt.IsEmpty)
            {
                left ^= NextWord(salt, ref at);
                right ^= NextWord(salt, ref at);
            }

            Encipher(state, ref left, ref right);
            (state[i], state[i + 1]) = (left, right);
        }
    }

    private static uint NextWord(ReadOnlySpan<byte> bytes, ref int at)
    {
        uint word = 0;
        for (var i = 0; i < 4; i++)
        {
            word = (word << 8) | bytes[at];
            at = at + 1 == bytes.Length ? 0 : at + 1;
        }

        return word;
    }

    private static void Encipher(uint[] state, ref uint left, ref uint right)
    {
        // One length check here frees the 64 look-ups below from theirs.
        var s = state.AsSpan(0, 1042);
        var (l, r) = (left ^ s[0], right);
        for (var i = 1; i <= 16; i += 2)
        {
            r ^= ((s[(int)(18 + (l >> 24))] + s[(int)(274 + ((l >> 16) & 0xff))]) ^ s[(int)(530 + ((l >> 8) & 0xff))]) + s[(int)(786 + (l & 0xff))] ^ s[i];
            l ^= ((s[(int)(18 + (r >> 24))] + s[(int)(274 + ((r >> 16) & 0xff))]) ^ s[(int)(530 + ((r >> 8) & 0xff))]) + s[(int)(786 + (r & 0xff))] ^ s[i + 1];
        }

        (left, right) = (r ^ s[17], l);
    }

    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        int held = 0, bits = 0;
        foreach (var b in bytes)
        {
            held = (held << 8) | b;
            for (bits += 8; bits >= 6; bits -= 6)
            {
                text.Append(Alphabet[(held >> (bits - 6)) & 63]);
            }
        }

        return bits == 0 ? text.ToString() : text.Append(Alphabet[(held << (6 - bits)) & 63]).ToString();
    }

    private static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = new byte[text.Length * 6 / 8];
        int held = 0, bits = 0, at = 0;
        foreach (var c in text)
        {
            var value = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            held = (held << 6) | value;
            bits += 6;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[at++] = (byte)(held >> bits);
            }
        }

        return true;
    }

    /// <summary>Words of the fraction of pi, by Machin's formula: 16 arctan(1/5) − 4 arctan(1/239).</summary>
    private static uint[] Digits(int words)
    {
        const int Guard = 64;
        var scale = (words * 32) + Guard;
        var pi = ((16 * ArcTanOfInverse(5, scale)) - (4 * ArcTanOfInverse(239, scale))) >> Guard;
        var fraction = pi & ((BigInteger.One << (words * 32)) - 1);
        var bytes = fraction.ToByteArray(isUnsigned: true, isBigEndian: true);
        var padded = new byte[words * 4];
        bytes.CopyTo(padded, padded.Length - bytes.Length);
        return [.. Enumerable.Range(0, words).Select(i => BinaryPrimitives.ReadUInt32BigEndian(padded.AsSpan(i * 4)))];
    }

    private static BigInteger ArcTanOfInverse(int x, int scale)
    {
        var term = (BigInteger.One << scale) / x;
        var sum = term;
        for (var n = 3; !term.IsZero; n += 2)
        {
            term /= -(x * x);
            sum += term / n;
        }

        return sum;
    }
}
