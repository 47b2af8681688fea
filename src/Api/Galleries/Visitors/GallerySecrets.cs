using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Api.Galleries.Visitors;

internal enum SecretCheck
{
    Wrong,
    Right,

    /// <summary>Right, but hashed with an older pepper, so it should be hashed again.</summary>
    RightButOld,
}

/// <summary>
/// Hashes gallery PINs and passwords. A PIN has few digits, so the hash is peppered with a key that is not in the
/// database (HMAC first), salted, and slow: PBKDF2-HMAC-SHA-512 with 210,000 rounds, as OWASP recommends
/// (Password Storage Cheat Sheet, 2023).
/// </summary>
internal sealed class GallerySecrets : IDisposable
{
    private const int DefaultRounds = 210_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const string Scheme = "p512";

    private readonly (string Name, byte[] Key)[] _peppers;
    private readonly int _rounds;
    private readonly string _nobodys;
    private readonly Counter<long> _computed;

    /// <param name="keyring">Peppers are derived from it.</param>
    /// <param name="rounds">Fewer only in tests, which would otherwise spend a tenth of their time here.</param>
    public GallerySecrets(Keyring keyring, int rounds = DefaultRounds)
    {
        _rounds = rounds;
        _peppers = [.. keyring.DeriveAll("gallery-pin").Select(key => (Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 4)), key))];
        _nobodys = Write(_peppers[0].Name, new byte[SaltBytes], new byte[HashBytes]);
        Meter = new Meter("Proofsheet.Galleries");
        _computed = Meter.CreateCounter<long>("proofsheet.galleries.secret_hashes", description: "Hashes of PINs and passwords computed.");
    }

    public Meter Meter { get; }

    /// <summary>The stored form of a secret: <c>p512.rounds.pepper.salt.hash</c>.</summary>
    public string Hash(string secret)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var (name, pepper) = _peppers[0];
        return Write(name, salt, Compute(secret, pepper, salt, _rounds));
    }

    /// <summary>
    /// Checks a guess by computing exactly one hash, even if there is nothing to compare it with (null), so that the time it takes
    /// reveals nothing about the gallery.
    /// </summary>
    public SecretCheck Check(string guess, string? hash)
    {
        var parts = (hash ?? _nobodys).Split('.');
        var pepper = Array.FindIndex(_peppers, p => p.Name == parts[2]);
        var expected = Convert.FromBase64String(parts[4]);
        var rounds = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        // If the pepper was removed, there is nothing to check against, but the work is done all the same.
        var given = Compute(guess, _peppers[Math.Max(pepper, 0)].Key, Convert.FromBase64String(parts[3]), rounds);
        var same = CryptographicOperations.FixedTimeEquals(given, expected);
        if (!same || hash is null || pepper < 0)
        {
            return SecretCheck.Wrong;
        }

        return pepper == 0 && rounds == _rounds ? SecretCheck.Right : SecretCheck.RightButOld;
    }

    public void Dispose() => Meter.Dispose();

    private byte[] Compute(string secret, byte[] pepper, byte[] salt, int rounds)
    {
        _computed.Add(1);
        var peppered = HMACSHA256.HashData(pepper, Encoding.UTF8.GetBytes(secret));
        return Rfc2898DeriveBytes.Pbkdf2(peppered, salt, rounds, HashAlgorithmName.SHA512, HashBytes);
    }

    private string Write(string pepper, byte[] salt, byte[] hash) =>
        $"{Scheme}.{_rounds}.{pepper}.{Convert.ToBase64String(salt)}.{Convert.ToBase64String(hash)}";
}
