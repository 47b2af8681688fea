using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Api.Media.Signing;

public enum SignatureCheck
{
    Invalid,
    Expired,
    Ok,
}

/// <summary>
/// Signs URLs of media: <c>/path?e=expiry&amp;s=signature</c>. The path alone determines what is served, so everything that affects
/// it (size, format, watermark) belongs in the path: other query parameters are not signed and must not be read.
/// </summary>
/// <remarks>
/// HMAC-SHA-256 truncated to 16 bytes. An attacker can only guess 128 bits online, one guess per request, and HMAC may be
/// truncated to half its length (RFC 2104, 5). This saves 21 characters in each of the hundreds of URLs on a page.
/// </remarks>
public sealed class MediaSigner(Keyring keyring, TimeProvider clock)
{
    private const int MacBytes = 16;
    private const int MacCharacters = 22;
    private const int MaxPathLength = 1024;
    private const int MaxExpiryDigits = 12;
    private const int StepsPerLifetime = 4;
    private static readonly SearchValues<char> Signable =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_.~-");

    private readonly byte[][] _keys = [.. keyring.DeriveAll("media")];

    /// <summary>
    /// A URL that is valid for at least <paramref name="lifetime"/> and at most a quarter longer. Expiry times are multiples of a
    /// quarter of the lifetime, so all requests within one quarter get the same URL, which caches can keep.
    /// </summary>
    /// <param name="path">An absolute path of letters, digits and <c>/ _ . ~ -</c>, which has no other encoding.</param>
    /// <param name="lifetime">At least four seconds.</param>
    public string Sign(string path, TimeSpan lifetime)
    {
        if (!IsSignable(path))
        {
            throw new ArgumentException("Only absolute paths of letters, digits and / _ . ~ - are signed.", nameof(path));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.FromSeconds(StepsPerLifetime));
        var step = (long)lifetime.TotalSeconds / StepsPerLifetime;
        var earliest = clock.GetUtcNow().ToUnixTimeSeconds() + (long)Math.Ceiling(lifetime.TotalSeconds);
        var expiry = ((earliest + step - 1) / step * step).ToString(CultureInfo.InvariantCulture);
        Span<byte> mac = stackalloc byte[MacCharacters];
        Mac(_keys[0], path, expiry, mac);
        return $"{path}?e={expiry}&s={Encoding.ASCII.GetString(mac)}";
    }

    /// <summary>Checks what <see cref="Sign"/> made. Only a URL with a valid signature is ever reported as expired.</summary>
    public SignatureCheck Verify(string? path, string? e, string? s, DateTimeOffset now) => Verify(path.AsSpan(), e.AsSpan(), s.AsSpan(), now);

    /// <summary>The same without copying any part, because every request for a picture needs it.</summary>
    public SignatureCheck Verify(ReadOnlySpan<char> path, ReadOnlySpan<char> e, ReadOnlySpan<char> s, DateTimeOffset now)
    {
        // Exactly one spelling is valid: no sign, no leading zero, no white space.
        if (!IsSignable(path) || e.Length is 0 or > MaxExpiryDigits || e[0] == '0' || e.ContainsAnyExceptInRange('0', '9'))
        {
            return SignatureCheck.Invalid;
        }

        // The text is compared, not the decoded bytes, so another spelling of the same bytes is refused too.
        Span<byte> given = stackalloc byte[MacCharacters];
        if (s.Length != MacCharacters || Ascii.FromUtf16(s, given, out _) != OperationStatus.Done)
        {
            return SignatureCheck.Invalid;
        }

        var genuine = false;
        Span<byte> mac = stackalloc byte[MacCharacters];
        foreach (var key in _keys)
        {
            Mac(key, path, e, mac);
            genuine |= CryptographicOperations.FixedTimeEquals(mac, given);
        }

        if (!genuine)
        {
            return SignatureCheck.Invalid;
        }

        return now.ToUnixTimeSeconds() < long.Parse(e, NumberStyles.None, CultureInfo.InvariantCulture) ? SignatureCheck.Ok : SignatureCheck.Expired;
    }

    // Neither part can contain a line feed, so no two pairs produce the same text.
    private static void Mac(byte[] key, ReadOnlySpan<char> path, ReadOnlySpan<char> expiry, Span<byte> mac)
    {
        Span<byte> text = stackalloc byte[MaxPathLength + 1 + MaxExpiryDigits];
        var length = Encoding.ASCII.GetBytes(path, text);
        text[length++] = (byte)'\n';
        length += Encoding.ASCII.GetBytes(expiry, text[length..]);
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text[..length], whole);
        Base64Url.EncodeToUtf8(whole[..MacBytes], mac);
    }

    private static bool IsSignable(ReadOnlySpan<char> path) =>
        path.Length is > 1 and <= MaxPathLength && path[0] == '/' && !path.ContainsAnyExcept(Signable);
}
