using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Identity.Data;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Identity.Sessions;

/// <summary>A sign-in, kept here and not in the browser, so that it can be listed and ended. An ended one has no row.</summary>
internal sealed class UserSession : IIdentified
{
    /// <summary>The kind of a <c>sid</c>.</summary>
    public static string Prefix => "ses";

    public required Id<UserSession> Id { get; init; }

    public required string UserId { get; init; }

    /// <summary>SHA-256 of what the browser's cookie holds.</summary>
    public required string SecretHash { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When credentials were last shown. Nothing else moves it.</summary>
    public required DateTimeOffset AuthenticatedAt { get; set; }

    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>However much it is used.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Values of RFC 8176 with spaces between.</summary>
    public required string Methods { get; set; }

    /// <summary>Browser and system, as far as the User-Agent tells.</summary>
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
