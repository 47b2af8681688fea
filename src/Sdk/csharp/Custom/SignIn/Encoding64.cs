using System.Security.Cryptography;
using System.Text;

namespace Proofsheet.Sdk;

/// <summary>Unpadded base64url (RFC 4648 section 5), with random values and hashes in it; works on .NET Standard 2.0.</summary>
internal static class Encoding64
{
    public static string Of(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static byte[] Bytes(string text) =>
        Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (text.Length % 4)) % 4));

    /// <summary>256 random bits.</summary>
    public static string Random()
    {
        var bytes = new byte[32];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(bytes);
        return Of(bytes);
    }

    public static string Sha256(string text)
    {
#if NETSTANDARD2_0
        using var hash = SHA256.Create();
        return Of(hash.ComputeHash(Encoding.ASCII.GetBytes(text)));
#else
        return Of(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
#endif
    }

    /// <summary>Compares in constant time.</summary>
    public static bool AreEqual(string left, string right)
    {
        var different = left.Length ^ right.Length;
        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            different |= left[i] ^ right[i];
        }

        return different == 0;
    }
}
