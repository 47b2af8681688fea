using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Proofsheet.Api.Auth.Revocation;

internal enum DenialKind
{
    /// <summary>One token, by its jti.</summary>
    Token,

    /// <summary>All of a sign-in, by its sid.</summary>
    Session,

    /// <summary>All that came from one grant, by its family.</summary>
    Family,

    /// <summary>All of an account that were issued up to a time.</summary>
    Subject,
}

/// <summary>What an authority took back before its time. Kept until no token can live any more that it is about.</summary>
internal sealed class DeniedToken
{
    /// <summary>See <see cref="DenyList.KeyOf"/>.</summary>
    public required string Key { get; init; }

    public required DenialKind Kind { get; init; }

    public required string Issuer { get; init; }

    /// <summary>Of an account: tokens issued later are good again.</summary>
    public required DateTimeOffset IssuedUntil { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>By the clock of the process that was told; others find the row by it.</summary>
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
