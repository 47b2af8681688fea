using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Identity.Data;

namespace Proofsheet.Identity.Users.Tickets;

internal enum TicketKind
{
    ConfirmEmail,
    ResetPassword,
    ChangeEmail,
    SecondFactor,
    PasskeyCreation,
    PasskeyRequest,
}

/// <summary>A single-use right that a secret grants: the link in a mail, or the progress of a sign-in.</summary>
internal sealed class Ticket
{
    /// <summary>SHA-256 of the secret.</summary>
    public required string Hash { get; init; }

    public required TicketKind Kind { get; init; }

    /// <summary>The user; null while it is not known who is signing in.</summary>
    public string? UserId { get; init; }

    public string? Payload { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Ticket>
    {
        public void Configure(EntityTypeBuilder<Ticket> builder)
        {
            builder.ToTable("tickets");
            builder.HasKey(t => t.Hash);
            builder.Property(t => t.Hash).HasMaxLength(64).IsUnicode(false);
            builder.Property(t => t.UserId).HasMaxLength(40).IsUnicode(false);
            builder.Property(t => t.Payload).HasMaxLength(4000);
            builder.HasIndex(t => t.ExpiresAt);
            builder.HasOne<User>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
