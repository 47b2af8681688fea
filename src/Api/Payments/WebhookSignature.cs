using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Proofsheet.Api.Payments;

/// <summary>
/// The header <c>t=unix seconds,v1=hex</c>: HMAC-SHA-256 over <c>t.body</c>, as Stripe signs its webhooks. The time is
/// signed too, so an old delivery cannot be made to look new.
/// </summary>
internal static class WebhookSignature
{
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
    private const int MaxHeaderLength = 2048;

    public static string Sign(IEnumerable<byte[]> secrets, DateTimeOffset at, ReadOnlyMemory<byte> body)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={time}" + string.Concat(secrets.Select(secret => ",v1=" + Convert.ToHexStringLower(Mac(secret, time, body.Span))));
    }

    public static WebhookRefusal Check(string? header, ReadOnlyMemory<byte> body, IEnumerable<byte[]> secrets, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(header))
        {
            return WebhookRefusal.SignatureMissing;
        }

        if (header.Length > MaxHeaderLength || !TryRead(header, out var time, out var seconds, out var given))
        {
            return WebhookRefusal.SignatureWrong;
        }

        // Any secret may match any signature, because either side may be in the middle of a rotation.
        var genuine = false;
        foreach (var secret in secrets)
        {
            var expected = Mac(secret, time, body.Span);
            foreach (var signature in given)
            {
                genuine |= CryptographicOperations.FixedTimeEquals(expected, signature);
            }
        }

        if (!genuine)
        {
            return WebhookRefusal.SignatureWrong;
        }

        return Math.Abs(now.ToUnixTimeSeconds() - seconds) <= (long)Tolerance.TotalSeconds ? WebhookRefusal.None : WebhookRefusal.TooOld;
    }

    private static bool TryRead(string header, out string time, out long seconds, out List<byte[]> signatures)
    {
        time = "";
        seconds = 0;
        signatures = [];
        foreach (var part in header.Split(','))
        {
            var (name, value) = part.IndexOf('=', StringComparison.Ordinal) is var i and > 0 ? (part[..i].Trim(), part[(i + 1)..]) : ("", "");
            switch (name)
            {
                case "t" when time.Length > 0:
                    return false;
                case "t":
                    time = value;
                    break;
                case "v1" when value.Length == 64 && value.All(char.IsAsciiHexDigitLower):
                    signatures.Add(Convert.FromHexString(value));
                    break;
            }
        }

        return signatures.Count > 0 && time.Length is > 0 and <= 12
            && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out seconds);
    }

    private static byte[] Mac(byte[] secret, string time, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Encoding.ASCII.GetBytes(time + "."));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
