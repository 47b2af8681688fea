using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Invitations;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>A visitor on one device. Tokens name the session, so that revoking it ends them, and merging two visitors moves them.</summary>
internal sealed class VisitorSession : ITenantOwned, ILockable, IIdentified<VisitorSession>, ITimestamped
{
    public const string RefreshPrefix = "ps_visit_";
    public const int MaxDeviceLength = 200;

    public static string Prefix => "vse";

    public Id<Tenant> TenantId { get; init; }

    public required Id<VisitorSession> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required Id<Visitor> VisitorId { get; set; }

    /// <summary>The invitation whose link began it; revoking that ends it.</summary>
    public Id<GalleryInvitation>? InvitationId { get; set; }

    /// <summary>The gallery's access version that this device last proved to know the secret of.</summary>
    public required int AccessVersion { get; set; }

    /// <summary>Lower-case hex of SHA-256. Null on a shared computer, where nothing is remembered.</summary>
    public string? RefreshHash { get; set; }

    /// <summary>The User-Agent, for the person who looks through the list of devices.</summary>
    public string? Device { get; init; }

    /// <summary>
    /// When the person at this device proved an email address of the visitor's client. Whether that still counts depends on the client's present addresses:
    /// see <see cref="VisitorConfirmation"/>.
    /// </summary>
    public DateTimeOffset? ConfirmedAt { get; private set; }

    /// <summary>The address that was proven, as it is compared: see <see cref="EmailAddress.Key"/>.</summary>
    public string? ConfirmedEmailKey { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When the device is forgotten, unless it comes back before.</summary>
    public required DateTimeOffset EndsAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long LockVersion { get; init; }

    public bool IsLiveAt(DateTimeOffset now) => RevokedAt is null && EndsAt > now;

    /// <param name="email">The address of the visitor's client that was proven.</param>
    /// <param name="now">The present time.</param>
    public void Confirm(ClientEmail email, DateTimeOffset now)
    {
        // Not before the address was verified: the clock of the process that did may be ahead of this one's.
        ConfirmedAt = email.VerifiedAt > now ? email.VerifiedAt : now;
        ConfirmedEmailKey = email.Key;
    }

    /// <summary>Gives the device to another visitor, on whose behalf nothing was proven on it yet.</summary>
    public void Become(Id<Visitor> visitor) => (VisitorId, ConfirmedAt, ConfirmedEmailKey) = (visitor, null, null);

    internal sealed class Mapping : IEntityTypeConfiguration<VisitorSession>
    {
        public void Configure(EntityTypeBuilder<VisitorSession> builder)
        {
            builder.ToTable("visitor_sessions");
            builder.Property(s => s.RefreshHash).HasMaxLength(64).IsUnicode(false);
            builder.Property(s => s.ConfirmedEmailKey).HasMaxLength(EmailAddress.MaxLength).IsUnicode(false);
            builder.Property(s => s.Device).HasMaxLength(MaxDeviceLength);
            builder.HasIndex(s => s.RefreshHash).IsUnique();
            builder.HasIndex(s => s.EndsAt);
            builder.HasIndex(s => new { s.TenantId, s.VisitorId });
            builder.HasIndex(s => new { s.TenantId, s.InvitationId });
            builder.HasOne<Visitor>().WithMany().HasForeignKey(s => new { s.TenantId, s.VisitorId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

internal sealed record VisitorSessionResponse
{
    public required Id<VisitorSession> Id { get; init; }

    public required Id<Visitor> VisitorId { get; init; }

    /// <summary>The browser, as it described itself.</summary>
    public required string? Device { get; init; }

    /// <summary>Whether the request was made with a token of this session.</summary>
    public required bool IsCurrent { get; init; }

    /// <summary>When the person at this device proved an email address by a code.</summary>
    public required DateTimeOffset? ConfirmedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When the device is forgotten, unless it comes back before.</summary>
    public required DateTimeOffset EndsAt { get; init; }
}

internal static class VisitorSessionMapper
{
    public static VisitorSessionResponse ToResponse(this VisitorSession session, string? current) => new()
    {
        Id = session.Id,
        VisitorId = session.VisitorId,
        Device = session.Device,
        IsCurrent = session.Id.ToString() == current,
        ConfirmedAt = session.ConfirmedAt,
        CreatedAt = session.CreatedAt,
        UpdatedAt = session.UpdatedAt,
        LastSeenAt = session.LastSeenAt,
        EndsAt = session.EndsAt,
    };
}
