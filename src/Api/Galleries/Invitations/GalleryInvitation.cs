using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Auth.ApiKeys;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Galleries.Invitations;

/// <summary>
/// A client's own link to a gallery. It opens the gallery without its secret, on any number of devices and again, until it ends or is revoked. Each
/// mail has another link, and the earlier ones stop working.
/// </summary>
internal sealed class GalleryInvitation : ITenantOwned, ILockable, IIdentified<GalleryInvitation>, IVersioned, IAudited
{
    public const string TokenPrefix = "ps_guest_";
    public const int MaxSent = 10;
    public const int DefaultDays = 90;

    /// <summary>The minimum time between two emails.</summary>
    public static readonly TimeSpan SendingPause = TimeSpan.FromMinutes(1);

    public static string Prefix => "gin";

    public Id<Tenant> TenantId { get; init; }

    public required Id<GalleryInvitation> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required Id<Client> ClientId { get; init; }

    public required VisitorRole Role { get; init; }

    /// <summary>Where it was sent; null if the studio passes the link on.</summary>
    [NotInAudit]
    public required string? Email { get; init; }

    /// <summary>Lower-case hex of SHA-256.</summary>
    [NotInAudit]
    public string TokenHash { get; private set; } = "";

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    public DateTimeOffset? LastSentAt { get; set; }

    public int TimesSent { get; set; }

    /// <summary>When the link was first opened.</summary>
    public DateTimeOffset? OpenedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long LockVersion { get; init; }

    public long Version { get; init; }

    public bool IsLiveAt(DateTimeOffset now) => RevokedAt is null && EndsAt > now;

    /// <summary>Creates a new link token: 160 random bits. The previous one stops working.</summary>
    public string Renew()
    {
        var token = KeyText.Create(TokenPrefix);
        TokenHash = KeyText.Hash(token);
        return token;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<GalleryInvitation>
    {
        public void Configure(EntityTypeBuilder<GalleryInvitation> builder)
        {
            builder.ToTable("gallery_invitations");
            builder.Property(i => i.Email).HasMaxLength(EmailAddress.MaxLength);
            builder.Property(i => i.TokenHash).HasMaxLength(64).IsUnicode(false);
            builder.HasIndex(i => i.TokenHash).IsUnique();
            builder.HasIndex(i => new { i.TenantId, i.GalleryId, i.ClientId });
            builder.HasOne<Gallery>().WithMany().HasForeignKey(i => new { i.TenantId, i.GalleryId }).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<Client>().WithMany().HasForeignKey(i => new { i.TenantId, i.ClientId }).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

internal sealed record GalleryInvitationResponse
{
    public required Id<GalleryInvitation> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required Id<Client> ClientId { get; init; }

    public required VisitorRole Role { get; init; }

    /// <summary>Where it is sent; null if the studio passes the link on.</summary>
    public required string? Email { get; init; }

    /// <summary>The link. Null except in the response that created it: only a hash is stored.</summary>
    public required string? Url { get; init; }

    /// <summary>When the link was first opened.</summary>
    public required DateTimeOffset? OpenedAt { get; init; }

    public required DateTimeOffset? LastSentAt { get; init; }

    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The link stops working then, or with the gallery if that expires before.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal static class GalleryInvitationMapper
{
    public static GalleryInvitationResponse ToResponse(this GalleryInvitation invitation, string? url = null) => new()
    {
        Id = invitation.Id,
        GalleryId = invitation.GalleryId,
        ClientId = invitation.ClientId,
        Role = invitation.Role,
        Email = invitation.Email,
        Url = url,
        OpenedAt = invitation.OpenedAt,
        LastSentAt = invitation.LastSentAt,
        RevokedAt = invitation.RevokedAt,
        EndsAt = invitation.EndsAt,
        CreatedAt = invitation.CreatedAt,
        UpdatedAt = invitation.UpdatedAt,
    };
}
