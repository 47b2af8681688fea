using System.Security.Cryptography;

namespace Proofsheet.Sdk;

/// <summary>Replacements for what .NET Standard 2.0 lacks: reading a body with a cancellation token, one-call digests and hexadecimal.</summary>
internal static class OlderFrameworks
{
#if NETSTANDARD2_0
    public static Task<byte[]> ReadBytesAsync(this HttpContent content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return content.ReadAsByteArrayAsync();
    }

    public static Task<string> ReadTextAsync(this HttpContent content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return content.ReadAsStringAsync();
    }

    public static Task<Stream> ReadStreamAsync(this HttpContent content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return content.ReadAsStreamAsync();
    }

    public static byte[] Sha256(ArraySegment<byte> bytes)
    {
        using var sha256 = SHA256.Create();
        return sha256.ComputeHash(bytes.Array!, bytes.Offset, bytes.Count);
    }
#else
    public static Task<byte[]> ReadBytesAsync(this HttpContent content, CancellationToken cancellationToken) => content.ReadAsByteArrayAsync(cancellationToken);

    public static Task<string> ReadTextAsync(this HttpContent content, CancellationToken cancellationToken) => content.ReadAsStringAsync(cancellationToken);

    public static Task<Stream> ReadStreamAsync(this HttpContent content, CancellationToken cancellationToken) => content.ReadAsStreamAsync(cancellationToken);

    public static byte[] Sha256(ArraySegment<byte> bytes) => SHA256.HashData(bytes);
#endif

    /// <summary>Lowercase hexadecimal.</summary>
#if NET10_0_OR_GREATER
    public static string ToHex(this byte[] bytes) => Convert.ToHexStringLower(bytes);
#elif NET8_0_OR_GREATER
    public static string ToHex(this byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
#else
    public static string ToHex(this byte[] bytes) => BitConverter.ToString(bytes).Replace("-", "").ToLowerInvariant();
#endif
}
