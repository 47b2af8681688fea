using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Identity.Data;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Identity.Users.SecondFactors;

/// <summary>An account's authenticator app.</summary>
internal sealed class SecondFactor
{
    public required string UserId { get; init; }

    /// <summary>Sealed with the keyring, so that the database alone is not enough to generate codes.</summary>
    [Sealed]
    public required byte[] SealedSecret { get; set; }

    /// <summary>Null during setup, while sign-ins do not require it yet.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>The time step of the last accepted code: this step and earlier ones are not accepted again.</summary>
    public long LastStep { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SecondFactor>
    {
        public void Configure(EntityTypeBuilder<SecondFactor> builder)
        {
            builder.ToTable("second_factors");
            builder.HasKey(f => f.UserId);
            builder.Property(f => f.UserId).HasMaxLength(40).IsUnicode(false);
            builder.Property(f => f.SealedSecret).HasMaxLength(200);
            builder.HasOne<User>().WithOne().HasForeignKey<SecondFactor>(f => f.UserId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>A code on paper, for when the app is lost. Used codes have no row.</summary>
internal sealed class RecoveryCode
{
    public required string UserId { get; init; }

    /// <summary>The SHA-256 of the account and the code, which has 80 random bits.</summary>
    public required string Hash { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<RecoveryCode>
    {
        public void Configure(EntityTypeBuilder<RecoveryCode> builder)
        {
            builder.ToTable("recovery_codes");
            builder.HasKey(c => new { c.UserId, c.Hash });
            builder.Property(c => c.UserId).HasMaxLength(40).IsUnicode(false);
            builder.Property(c => c.Hash).HasMaxLength(64).IsUnicode(false);
            builder.HasOne<User>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
