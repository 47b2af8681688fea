using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Identity.Sessions;

/// <summary>
/// Seals what the framework protects (form tokens, the state of social sign-ins) with the keyring. Processes already share it, so that there is no
/// second key ring to store, rotate and lose.
/// </summary>
internal sealed class KeyringProtection(Keyring keyring) : IDataProtectionProvider
{
    public IDataProtector CreateProtector(string purpose) => new Protector(keyring, $"data-protection:{purpose}");

    private sealed class Protector(Keyring keyring, string purpose) : IDataProtector
    {
        private const int SaltBytes = 16;

        public IDataProtector CreateProtector(string inner) => new Protector(keyring, $"{purpose}:{inner}");

        // Each message has its own key, so that a key's nonces are never exhausted.
        public byte[] Protect(byte[] plaintext)
        {
            var salt = RandomNumberGenerator.GetBytes(SaltBytes);
            return [.. salt, .. keyring.Seal(PurposeOf(salt), plaintext)];
        }

        public byte[] Unprotect(byte[] protectedData) =>
            (protectedData.Length > SaltBytes ? keyring.Open(PurposeOf(protectedData.AsSpan(0, SaltBytes)), protectedData.AsSpan(SaltBytes)) : null)
            ?? throw new CryptographicException("This was not protected here, or not for this purpose.");

        private string PurposeOf(ReadOnlySpan<byte> salt) => $"{purpose}:{Convert.ToHexStringLower(salt)}";
    }
}
