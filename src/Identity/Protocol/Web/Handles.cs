using System.Security.Cryptography;
using System.Text;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Protocol.Web;

/// <summary>Opaque values of 256 random bits. The database stores only their hashes, which are useless to someone who reads them.</summary>
internal static class Handles
{
    public static string New() => StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(32));

    public static string Hash(string handle) => StrictBase64Url.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(handle)));

    public static string HashHex(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static bool AreEqual(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}
