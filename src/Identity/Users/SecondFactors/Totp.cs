using System.Security.Cryptography;
using System.Text;
using OtpNet;

namespace Proofsheet.Identity.Users.SecondFactors;

/// <summary>Time-based codes (RFC 6238), computed by Otp.NET: six digits, SHA-1 and 30 seconds, which every authenticator app supports.</summary>
internal static class Totp
{
    public const int SecretBytes = 20;
    public const int Digits = 6;
    private const int StepSeconds = 30;

    public static long StepOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The time step of this code: the current one, or one earlier or later, because clocks differ. Null when it does not match.</summary>
    /// <remarks>
    /// Does not use the package's VerifyTotp, which stops at the first step that matches. When two neighboring steps have the same code, the later one
    /// must be used up, or the code could be accepted again.
    /// </remarks>
    public static long? Match(byte[] secret, string? typed, DateTimeOffset now)
    {
        var code = Encoding.ASCII.GetBytes((typed ?? "").Replace(" ", "", StringComparison.Ordinal));
        if (code.Length != Digits)
        {
            return null;
        }

        long? found = null;
        for (var step = StepOf(now) - 1; step <= StepOf(now) + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeOf(secret, step)), code))
            {
                found = step;
            }
        }

        return found;
    }

    public static string CodeOf(byte[] secret, long step, int digits = Digits) =>
        new OtpNet.Totp(secret, StepSeconds, OtpHashMode.Sha1, digits).ComputeTotp(DateTimeOffset.FromUnixTimeSeconds(step * StepSeconds).UtcDateTime);

    /// <summary>The secret in the form that is typed into an app (RFC 4648 base32, without padding).</summary>
    public static string ToBase32(byte[] bytes) => bytes.Length == 0 ? "" : Base32Encoding.ToString(bytes).TrimEnd('=');

    /// <summary>The content of the QR code, in the form that authenticator apps agree on.</summary>
    public static string AddressOf(byte[] secret, string issuer, string account) =>
        new OtpUri(OtpType.Totp, secret, account, issuer, OtpHashMode.Sha1, Digits, StepSeconds).ToString();
}
