using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Auth.ApiKeys;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Members;

/// <summary>An invitation to join a studio. The code in the email is stored as a hash. It works once, until it expires or another one is sent.</summary>
internal sealed class Invitation : ITenantOwned, IIdentified<Invitation>, IVersioned, IAudited
{
    public static string Prefix => "inv";

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>The minimum time between two emails to the same person.</summary>
    public static readonly TimeSpan SendingPause = TimeSpan.FromMinutes(1);

    public const int MaxSent = 10;

    public Id<Tenant> TenantId { get; init; }

    public required Id<Invitation> Id { get; init; }

    [NotInAudit]
    public required string Email { get; init; }

    public required StudioRole Role { get; init; }

    /// <summary>Lower-case hex of SHA-256.</summary>
    [NotInAudit]
    public required string CodeHash { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }

    public required DateTimeOffset LastSentAt { get; set; }

    public int TimesSent { get; set; } = 1;

    public DateTimeOffset? AcceptedAt { get; set; }

    public DateTimeOffset? WithdrawnAt { get; set; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    public bool IsOpenAt(DateTimeOffset now) => AcceptedAt is null && WithdrawnAt is null && now < ExpiresAt;

    /// <summary>Creates a new code; the previous one stops working.</summary>
    public string Renew(DateTimeOffset now)
    {
        var code = NewCode();
        (CodeHash, ExpiresAt, LastSentAt, TimesSent) = (HashOf(code), now + Lifetime, now, TimesSent + 1);
        return code;
    }

    /// <summary>160 random bits and a checksum, by which a scanner for leaked secrets recognizes it.</summary>
    public static string NewCode() => KeyText.Create("ps_invite_");

    public static string HashOf(string code) => KeyText.Hash(code);

    internal sealed class Mapping : IEntityTypeConfiguration<Invitation>
    {
        public void Configure(EntityTypeBuilder<Invitation> builder)
        {
            builder.ToTable("invitations");
            builder.Property(i => i.Email).HasMaxLength(254);
            builder.Property(i => i.CodeHash).HasMaxLength(64).IsUnicode(false);
            builder.HasIndex(i => i.CodeHash).IsUnique();
            builder.HasOne<Studio>().WithMany().HasForeignKey(i => i.TenantId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

internal enum InvitationStatus
{
    Pending,
    Accepted,
    Withdrawn,
    Expired,
}

internal sealed record InvitationResponse
{
    public required Id<Invitation> Id { get; init; }

    public required string Email { get; init; }

    public required StudioRole Role { get; init; }

    public required InvitationStatus Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset LastSentAt { get; init; }
}

internal static class InvitationMapper
{
    public static InvitationResponse ToResponse(this Invitation invitation, DateTimeOffset now) => new()
    {
        Id = invitation.Id,
        Email = invitation.Email,
        Role = invitation.Role,
        Status = invitation.AcceptedAt is not null ? InvitationStatus.Accepted
            : invitation.WithdrawnAt is not null ? InvitationStatus.Withdrawn
            : now < invitation.ExpiresAt ? InvitationStatus.Pending : InvitationStatus.Expired,
        CreatedAt = invitation.CreatedAt,
        UpdatedAt = invitation.UpdatedAt,
        ExpiresAt = invitation.ExpiresAt,
        LastSentAt = invitation.LastSentAt,
    };
}
