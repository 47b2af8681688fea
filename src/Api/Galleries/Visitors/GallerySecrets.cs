using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Api.Galleries.Visitors;

internal enum SecretCheck
{
    Wrong,
    Right,

    /// <summary>Right, and hashed under an older pepper: time to hash it again.</summary>
    RightButOld,
}

/// <summary>
/// Hashes PINs and passwords of galleries. A PIN has few digits, so the hash is peppered with a key the database does not
/// hold (HMAC first), salted, and slow: PBKDF2-HMAC-SHA-512 with 210,000 rounds, OWASP's count for it
/// (Password Storage Cheat Sheet, 2023).
/// </summary>
internal sealed class GallerySecrets : IDisposable
{
    private const int Rounds = 210_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const string Scheme = "p512";

    private readonly (string Name, byte[] Key)[] _peppers;
    private readonly string _nobodys;
    private readonly Counter<long> _computed;

    public GallerySecrets(Keyring keyring)
    {
        _peppers = [.. keyring.DeriveAll("gallery-pin").Select(key => (Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 4)), key))];
        _nobodys = Write(_peppers[0].Name, new byte[SaltBytes], new byte[HashBytes]);
        Meter = new Meter("Proofsheet.Galleries");
        _computed = Meter.CreateCounter<long>("proofsheet.galleries.secret_hashes", description: "Hashes of PINs and passwords computed.");
    }

    public Meter Meter { get; }

    /// <summary>How a secret is kept: <c>p512.rounds.pepper.salt.hash</c>.</summary>
    public string Hash(string secret)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var (name, pepper) = _peppers[0];
        return Write(name, salt, Compute(secret, pepper, salt, Rounds));
    }

    /// <summary>
    /// Checks a guess by exactly one hash, also where there is nothing to compare it with (null): how long it takes says
    /// nothing about the gallery.
    /// </summary>
    public SecretCheck Check(string guess, string? hash)
    {
        var parts = (hash ?? _nobodys).Split('.');
        var pepper = Array.FindIndex(_peppers, p => p.Name == parts[2]);
        var expected = Convert.FromBase64String(parts[4]);
        var rounds = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        // A pepper that was taken away leaves nothing to check against; the work is done all the same.
        var given = Compute(guess, _peppers[Math.Max(pepper, 0)].Key, Convert.FromBase64String(parts[3]), rounds);
        var same = CryptographicOperations.FixedTimeEquals(given, expected);
        if (!same || hash is null || pepper < 0)
        {
            return SecretCheck.Wrong;
        }

        return pepper == 0 && rounds == Rounds ? SecretCheck.Right : SecretCheck.RightButOld;
    }

    public void Dispose() => Meter.Dispose();

    private byte[] Compute(string secret, byte[] pepper, byte[] salt, int rounds)
    {
        _computed.Add(1);
        var peppered = HMACSHA256.HashData(pepper, Encoding.UTF8.GetBytes(secret));
        return Rfc2898DeriveBytes.Pbkdf2(peppered, salt, rounds, HashAlgorithmName.SHA512, HashBytes);
    }

    private static string Write(string pepper, byte[] salt, byte[] hash) =>
        $"{Scheme}.{Rounds}.{pepper}.{Convert.ToBase64String(salt)}.{Convert.ToBase64String(hash)}";
}
