using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Identity.Data;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Identity.Sessions;

/// <summary>A sign-in, stored here and not in the browser, so that it can be listed and ended. Ended sessions have no row.</summary>
internal sealed class UserSession : IIdentified
{
    /// <summary>The prefix of a <c>sid</c>.</summary>
    public static string Prefix => "ses";

    public required Id<UserSession> Id { get; init; }

    public required string UserId { get; init; }

    /// <summary>The SHA-256 of the secret in the browser's cookie.</summary>
    public required string SecretHash { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the user last presented credentials. Nothing else changes it.</summary>
    public required DateTimeOffset AuthenticatedAt { get; set; }

    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When the session ends, no matter how much it is used.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Values of RFC 8176, separated by spaces.</summary>
    public required string Methods { get; set; }

    /// <summary>The browser and operating system, guessed from the User-Agent.</summary>
    public required string Device { get; init; }

    public required string Address { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<UserSession>
    {
        public void Configure(EntityTypeBuilder<UserSession> builder)
        {
            builder.ToTable("user_sessions");
            builder.Property(s => s.Id).ValueGeneratedNever();
            builder.Property(s => s.UserId).HasMaxLength(40).IsUnicode(false);
            builder.Property(s => s.SecretHash).HasMaxLength(64).IsUnicode(false);
            builder.Property(s => s.Methods).HasMaxLength(100).IsUnicode(false);
            builder.Property(s => s.Device).HasMaxLength(80);
            builder.Property(s => s.Address).HasMaxLength(45).IsUnicode(false);
            builder.HasIndex(s => s.SecretHash).IsUnique();
            builder.HasIndex(s => s.ExpiresAt);
            builder.HasOne<User>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
