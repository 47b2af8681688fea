using System.Numerics;

namespace Proofsheet.Jose;

/// <summary>Checks an RSA modulus: neither weak nor slow by its size, and not from a generator that is known to be broken.</summary>
internal static class RsaModulus
{
    private const int MinBits = 2048;
    private const int MaxBits = 8192;

    /// <summary>For each small prime, a bit set of the remainders of powers of 65537.</summary>
    private static readonly (int Prime, UInt128 Low, UInt128 High)[] RocaRemainders = [.. new[]
    {
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157,
        163, 167,
    }.Select(RemaindersOf)];

    /// <summary>The length in bits; <paramref name="modulus"/> is big-endian and starts with a nonzero octet.</summary>
    public static int Bits(ReadOnlySpan<byte> modulus) => (modulus.Length * 8) - (BitOperations.LeadingZeroCount(modulus[0]) - 24);

    /// <summary>No leading zero octet (RFC 7518 section 6.3.1.1), odd, 2048 to 8192 bits, without the fingerprint of CVE-2017-15361.</summary>
    public static bool IsGood(ReadOnlySpan<byte> modulus) =>
        !modulus.IsEmpty && modulus[0] != 0 && (modulus[^1] & 1) == 1 && Bits(modulus) is >= MinBits and <= MaxBits && !HasRocaFingerprint(modulus);

    /// <summary>
    /// The broken generator ("ROCA") makes primes that are powers of 65537 modulo many small primes, and so is their product. Another modulus looks
    /// like that by chance less than once in 2^27.
    /// </summary>
    private static bool HasRocaFingerprint(ReadOnlySpan<byte> modulus)
    {
        var n = new BigInteger(modulus, isUnsigned: true, isBigEndian: true);
        foreach (var (prime, low, high) in RocaRemainders)
        {
            var remainder = (int)(n % prime);
            if (((remainder < 128 ? low >> remainder : high >> (remainder - 128)) & 1) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static (int Prime, UInt128 Low, UInt128 High) RemaindersOf(int prime)
    {
        UInt128 low = 0;
        UInt128 high = 0;
        var power = 1;
        do
        {
            low |= power < 128 ? UInt128.One << power : 0;
            high |= power < 128 ? 0 : UInt128.One << (power - 128);
            power = power * 65537 % prime;
        }
        while (power != 1);
        return (prime, low, high);
    }
}
