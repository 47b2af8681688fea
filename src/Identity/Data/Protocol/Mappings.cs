using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Shared.Database;

namespace Proofsheet.Identity.Data.Protocol;

/// <summary>The lengths of stored protocol values. Hashes are SHA-256 in base64url.</summary>
internal static class Lengths
{
    public const int Hash = 43;
    public const int ClientId = 100;
    public const int Subject = 100;
    public const int Session = 100;

    public static PropertyBuilder<T> IsIdentifier<T>(this PropertyBuilder<T> property, int length) => property.HasMaxLength(length).IsUnicode(false);
}

internal sealed class GrantMapping : IEntityTypeConfiguration<Grant>
{
    public void Configure(EntityTypeBuilder<Grant> builder)
    {
        builder.ToTable("grants");
        builder.HasKey(g => g.Key);
        builder.Property(g => g.Key).IsIdentifier(Lengths.Hash);
        builder.Property(g => g.ClientId).IsIdentifier(Lengths.ClientId);
        builder.Property(g => g.Family).IsIdentifier(Lengths.Hash);
        builder.Property(g => g.Data).IsLong();
        builder.HasIndex(g => g.ExpiresAt);
    }
}

internal sealed class GrantFamilyMapping : IEntityTypeConfiguration<GrantFamily>
{
    public void Configure(EntityTypeBuilder<GrantFamily> builder)
    {
        builder.ToTable("grant_families");
        builder.HasKey(f => f.Id);
        builder.Property(f => f.Id).IsIdentifier(Lengths.Hash);
        builder.Property(f => f.ClientId).IsIdentifier(Lengths.ClientId);
        builder.Property(f => f.Subject).IsIdentifier(Lengths.Subject);
        builder.Property(f => f.SessionId).IsIdentifier(Lengths.Session);
        builder.HasIndex(f => f.SessionId);
        builder.HasIndex(f => f.Subject);
        builder.HasIndex(f => f.ClientId);
        builder.HasIndex(f => f.ExpiresAt);
    }
}

internal sealed class StoredSigningKeyMapping : IEntityTypeConfiguration<StoredSigningKey>
{
    public void Configure(EntityTypeBuilder<StoredSigningKey> builder)
    {
        builder.ToTable("signing_keys");
        builder.HasKey(k => k.Kid);
        builder.Property(k => k.Kid).IsIdentifier(Lengths.Hash);
        builder.Property(k => k.Algorithm).IsIdentifier(8);
        builder.HasIndex(k => new { k.Algorithm, k.Sequence }).IsUnique();
    }
}

internal sealed class RegisteredClientMapping : IEntityTypeConfiguration<RegisteredClient>
{
    public void Configure(EntityTypeBuilder<RegisteredClient> builder)
    {
        builder.ToTable("clients");
        builder.HasKey(c => c.ClientId);
        builder.Property(c => c.ClientId).IsIdentifier(Lengths.ClientId);
        builder.Property(c => c.RegisteredBy).IsIdentifier(Lengths.ClientId);
        builder.Property(c => c.RegistrationTokenHash).IsIdentifier(Lengths.Hash);
        builder.Property(c => c.Metadata).IsJson();
        builder.Property(c => c.Version).IsConcurrencyToken();
    }
}

/// <summary>The browser origins of registered clients, for preflight requests, which have an origin but no client ID.</summary>
internal sealed class ClientOrigin
{
    public required string Origin { get; init; }

    public required string ClientId { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<ClientOrigin>
    {
        public void Configure(EntityTypeBuilder<ClientOrigin> builder)
        {
            builder.ToTable("client_origins");
            builder.HasKey(o => new { o.Origin, o.ClientId });
            builder.Property(o => o.Origin).IsIdentifier(300);
            builder.Property(o => o.ClientId).IsIdentifier(Lengths.ClientId);
            builder.HasOne<RegisteredClient>().WithMany().HasForeignKey(o => o.ClientId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

internal sealed class DeviceGrantMapping : IEntityTypeConfiguration<DeviceGrant>
{
    public void Configure(EntityTypeBuilder<DeviceGrant> builder)
    {
        builder.ToTable("device_grants");
        builder.HasKey(d => d.Key);
        builder.Property(d => d.Key).IsIdentifier(Lengths.Hash);
        builder.Property(d => d.UserCodeHash).IsIdentifier(Lengths.Hash);
        builder.Property(d => d.ClientId).IsIdentifier(Lengths.ClientId);
        builder.Property(d => d.Family).IsIdentifier(Lengths.Hash);
        builder.Property(d => d.Data).IsLong();
        builder.HasIndex(d => d.UserCodeHash).IsUnique();
        builder.HasIndex(d => d.ExpiresAt);
    }
}

/// <summary>Something that may be used only once, identified by its hash.</summary>
internal sealed class UsedOnce
{
    public required string Key { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<UsedOnce>
    {
        public void Configure(EntityTypeBuilder<UsedOnce> builder)
        {
            builder.ToTable("used_once");
            builder.HasKey(u => u.Key);
            builder.Property(u => u.Key).IsIdentifier(Lengths.Hash);
            builder.HasIndex(u => u.ExpiresAt);
        }
    }
}

internal sealed class Consent
{
    public required string Subject { get; init; }

    public required string ClientId { get; init; }

    public required IReadOnlyList<string> Scopes { get; set; }

    public required DateTimeOffset GrantedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Consent>
    {
        public void Configure(EntityTypeBuilder<Consent> builder)
        {
            builder.ToTable("consents");
            builder.HasKey(c => new { c.Subject, c.ClientId });
            builder.Property(c => c.Subject).IsIdentifier(Lengths.Subject);
            builder.Property(c => c.ClientId).IsIdentifier(Lengths.ClientId);
            builder.Property(c => c.Scopes).IsJson();
        }
    }
}

internal sealed class SecurityLogMapping : IEntityTypeConfiguration<SecurityLogEntry>
{
    public void Configure(EntityTypeBuilder<SecurityLogEntry> builder)
    {
        builder.ToTable("security_log");
        builder.HasKey(e => e.Id);
        builder.Property(e => e.What).IsIdentifier(64);
        builder.Property(e => e.ClientId).IsIdentifier(Lengths.ClientId);
        builder.Property(e => e.Subject).IsIdentifier(Lengths.Subject);
        builder.Property(e => e.SessionId).IsIdentifier(Lengths.Session);
        builder.Property(e => e.Address).IsIdentifier(64);
        builder.HasIndex(e => new { e.Subject, e.At });
        builder.HasIndex(e => e.At);
    }
}
