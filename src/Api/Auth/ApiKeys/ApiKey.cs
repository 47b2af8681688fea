using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Auth.ApiKeys;

internal enum ApiKeyType
{
    Publishable,
    Secret,
    Lab,
}

/// <summary>A studio's key. Only its hash is stored: the key itself is shown once, when it is created.</summary>
internal sealed class ApiKey : ITenantOwned, IIdentified<ApiKey>, ITimestamped, IAudited
{
    public static string Prefix => "key";

    public Id<Tenant> TenantId { get; init; }

    public required Id<ApiKey> Id { get; init; }

    public required ApiKeyType Type { get; init; }

    public required bool IsSandbox { get; init; }

    public required string Name { get; init; }

    public required List<string> Scopes { get; init; }

    /// <summary>The origins where a publishable key may be used, for example <c>https://anna.example</c>.</summary>
    public List<ApiKeyOrigin> Origins { get; init; } = [];

    /// <summary>Lower-case hex of SHA-256 over the whole key.</summary>
    [NotInAudit]
    public required string Hash { get; init; }

    /// <summary>The first characters, to tell keys apart in a list.</summary>
    public required string Hint { get; init; }

    /// <summary>A rotated key and its successors form a family, of which at most two keys are valid at a time.</summary>
    public required Id<ApiKey> Family { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public bool IsLiveAt(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);

    internal sealed class Mapping : IEntityTypeConfiguration<ApiKey>
    {
        public void Configure(EntityTypeBuilder<ApiKey> builder)
        {
            builder.ToTable("api_keys");
            builder.Property(k => k.Name).HasMaxLength(100);
            builder.Property(k => k.Hash).HasMaxLength(64).IsUnicode(false);
            builder.Property(k => k.Hint).HasMaxLength(24).IsUnicode(false);
            builder.HasIndex(k => k.Hash).IsUnique();
            builder.HasMany(k => k.Origins).WithOne().HasForeignKey(o => new { o.TenantId, o.KeyId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>One origin of a publishable key, in a separate row so that it can be looked up for a browser's preflight.</summary>
internal sealed class ApiKeyOrigin : ITenantOwned
{
    public Id<Tenant> TenantId { get; init; }

    public required Id<ApiKey> KeyId { get; init; }

    public required string Origin { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<ApiKeyOrigin>
    {
        public void Configure(EntityTypeBuilder<ApiKeyOrigin> builder)
        {
            builder.ToTable("api_key_origins");
            builder.Property(o => o.Origin).HasMaxLength(200).IsUnicode(false);
            builder.HasKey(o => new { o.TenantId, o.KeyId, o.Origin });
            builder.HasIndex(o => o.Origin);
        }
    }
}

/// <summary>
/// The format of keys: <c>ps_live_sk_</c> and 38 characters, which encode 160 random bits and a CRC-32. The CRC lets a secret scanner
/// (and us, before querying the database) recognize a key.
/// </summary>
internal static class KeyText
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int RandomLength = 32;
    private const int CheckLength = 6;

    public static string Create(string prefix)
    {
        var random = string.Create(RandomLength, 0, static (chars, _) =>
        {
            Span<byte> bytes = stackalloc byte[RandomLength];
            RandomNumberGenerator.Fill(bytes);
            for (var i = 0; i < chars.Length; i++)
            {
                chars[i] = Alphabet[bytes[i] & 31];
            }
        });
        return prefix + random + Check(prefix + random);
    }

    public static string PrefixOf(ApiKeyType type, bool sandbox) => $"ps_{(sandbox ? "test" : "live")}_{type switch
    {
        ApiKeyType.Publishable => "pk",
        ApiKeyType.Secret => "sk",
        _ => "lk",
    }}_";

    public static bool LooksRight(string key)
    {
        var tail = RandomLength + CheckLength;
        return key.Length is > 38 and < 64 && key.StartsWith("ps_", StringComparison.Ordinal)
            && Check(key[..^CheckLength]) == key[^CheckLength..] && key[^tail..].All(c => Alphabet.Contains(c, StringComparison.Ordinal));
    }

    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string Check(string text)
    {
        var crc = System.IO.Hashing.Crc32.HashToUInt32(Encoding.UTF8.GetBytes(text));
        return string.Create(CheckLength, crc, static (chars, rest) =>
        {
            for (var i = CheckLength - 1; i >= 0; i--)
            {
                chars[i] = Alphabet[(int)(rest & 31)];
                rest >>= 5;
            }
        });
    }
}
