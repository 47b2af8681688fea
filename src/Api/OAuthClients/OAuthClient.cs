using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.OAuthClients;

/// <summary>The type of a client, which determines how it may request tokens.</summary>
internal enum OAuthClientType
{
    /// <summary>An app in a browser: authorization code with PKCE, without a secret.</summary>
    Browser,

    /// <summary>An app on a device: authorization code with PKCE to a loopback or private-use URL, or a device code; without a secret.</summary>
    Native,

    /// <summary>A web server that signs people in.</summary>
    Web,

    /// <summary>A program that acts on behalf of the studio itself, without a person.</summary>
    Service,
}

/// <summary>An application that a studio registered at the authority. The authority knows its secret; its settings are stored here.</summary>
internal sealed class OAuthClient : ITenantOwned, IIdentified<OAuthClient>, IVersioned, IAudited
{
    public static string Prefix => "oac";

    public Id<Tenant> TenantId { get; init; }

    public required Id<OAuthClient> Id { get; init; }

    public required string Issuer { get; init; }

    /// <summary>The id that the authority assigned.</summary>
    public required string ClientId { get; init; }

    /// <summary>Issuer and client id in a form that databases compare exactly; see <see cref="Account.DigestOf"/>.</summary>
    public required string ClientDigest { get; init; }

    public required OAuthClientType Type { get; init; }

    public required string Name { get; set; }

    public required List<string> RedirectUris { get; set; }

    public required List<string> PostLogoutRedirectUris { get; set; }

    public required List<string> Scopes { get; set; }

    public List<OAuthClientOrigin> Origins { get; init; } = [];

    /// <summary>Public keys, used in place of a secret.</summary>
    public required List<PublicKey> Keys { get; set; }

    public required string RegistrationUri { get; set; }

    /// <summary>Gives access to the registration at the authority (RFC 7592); encrypted, see <see cref="RegisteredClients"/>.</summary>
    [NotInAudit]
    [Sealed]
    public required byte[] RegistrationToken { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The audit trail records only that it changed.</summary>
    [NotInAudit]
    public DateTimeOffset? SecretRotatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    /// <summary>How the client authenticates, in the terms of the registry of RFC 7591.</summary>
    public string AuthMethod => Type is OAuthClientType.Browser or OAuthClientType.Native ? "none" : Keys.Count > 0 ? "private_key_jwt" : "client_secret_basic";

    internal sealed class Mapping : IEntityTypeConfiguration<OAuthClient>
    {
        public void Configure(EntityTypeBuilder<OAuthClient> builder)
        {
            builder.ToTable("oauth_clients");
            builder.Ignore(c => c.AuthMethod);
            builder.Property(c => c.Issuer).HasMaxLength(255);
            builder.Property(c => c.ClientId).HasMaxLength(255);
            builder.Property(c => c.ClientDigest).HasMaxLength(64).IsUnicode(false);
            builder.Property(c => c.Name).HasMaxLength(100);
            builder.Property(c => c.RedirectUris).IsJson();
            builder.Property(c => c.PostLogoutRedirectUris).IsJson();
            builder.Property(c => c.Scopes).IsJson();
            builder.Property(c => c.Keys).IsJson();
            builder.Property(c => c.RegistrationUri).HasMaxLength(1000);
            builder.HasIndex(c => c.ClientDigest).IsUnique();
            builder.HasMany(c => c.Origins).WithOne().HasForeignKey(o => new { o.TenantId, o.ClientId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>One origin of a client, in a separate row so that it can be looked up for a browser's preflight.</summary>
internal sealed class OAuthClientOrigin : ITenantOwned
{
    public Id<Tenant> TenantId { get; init; }

    public required Id<OAuthClient> ClientId { get; init; }

    public required string Origin { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<OAuthClientOrigin>
    {
        public void Configure(EntityTypeBuilder<OAuthClientOrigin> builder)
        {
            builder.ToTable("oauth_client_origins");
            builder.Property(o => o.Origin).HasMaxLength(200).IsUnicode(false);
            builder.HasKey(o => new { o.TenantId, o.ClientId, o.Origin });
            builder.HasIndex(o => o.Origin);
        }
    }
}
