using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Proofsheet.Api.Auth.Revocation;

internal enum DenialKind
{
    /// <summary>One token, identified by its jti.</summary>
    Token,

    /// <summary>All tokens of a sign-in, identified by its sid.</summary>
    Session,

    /// <summary>All tokens that came from one grant, identified by its family.</summary>
    Family,

    /// <summary>All tokens of an account that were issued up to a given time.</summary>
    Subject,
}

/// <summary>Something that an authority revoked before it expired. Kept until every token concerned has expired.</summary>
internal sealed class DeniedToken
{
    /// <summary>See <see cref="DenyList.KeyOf"/>.</summary>
    public required string Key { get; init; }

    public required DenialKind Kind { get; init; }

    public required string Issuer { get; init; }

    /// <summary>For an account: tokens that were issued later are valid again.</summary>
    public required DateTimeOffset IssuedUntil { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>By the clock of the process that received it; other processes use it to find the row.</summary>
    public required DateTimeOffset RecordedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<DeniedToken>
    {
        public void Configure(EntityTypeBuilder<DeniedToken> builder)
        {
            builder.ToTable("denied_tokens");
            builder.HasKey(d => d.Key);
            builder.Property(d => d.Key).HasMaxLength(66).IsUnicode(false);
            builder.Property(d => d.Issuer).HasMaxLength(255);
            builder.HasIndex(d => d.RecordedAt);
            builder.HasIndex(d => d.ExpiresAt);
        }
    }
}
