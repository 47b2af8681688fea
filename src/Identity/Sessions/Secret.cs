using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Proofsheet.Identity.Sessions;

/// <summary>256 random bits as text. Only the SHA-256 is stored, and used for lookups.</summary>
internal static class Secret
{
    private const int Bytes = 32;
    private const int Length = 43;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Null for anything that <see cref="New"/> cannot have made, so that long input is neither hashed nor looked up.</summary>
    public static string? Hash(string? secret) =>
        secret is { Length: Length } && secret.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)))
            : null;
}
