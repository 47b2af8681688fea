using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Members;

/// <summary>An account of an authority that works in a studio, with its role.</summary>
internal sealed class Member : ITenantOwned, IIdentified<Member>, IVersioned, IAudited
{
    public static string Prefix => "mem";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Member> Id { get; init; }

    /// <summary>See <see cref="Account.Digest"/>.</summary>
    public required string AccountDigest { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    public required StudioRole Role { get; set; }

    /// <summary>As reported by the authority when the account joined; null if it was not.</summary>
    [NotInAudit]
    public string? Email { get; init; }

    [NotInAudit]
    public string? Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Member>
    {
        public void Configure(EntityTypeBuilder<Member> builder)
        {
            builder.ToTable("members");
            builder.Property(m => m.AccountDigest).HasMaxLength(64).IsUnicode(false);
            builder.Property(m => m.Issuer).HasMaxLength(255);
            builder.Property(m => m.Subject).HasMaxLength(255);
            builder.Property(m => m.Email).HasMaxLength(254);
            builder.Property(m => m.Name).HasMaxLength(100);
            builder.HasIndex(m => new { m.TenantId, m.AccountDigest }).IsUnique();
            builder.HasIndex(m => m.AccountDigest);
            builder.HasOne<Studio>().WithMany().HasForeignKey(m => m.TenantId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

internal sealed record MemberResponse
{
    public required Id<Member> Id { get; init; }

    public required StudioRole Role { get; init; }

    /// <summary>As reported by the authority when the account joined. Null if it was not.</summary>
    public required string? Email { get; init; }

    public required string? Name { get; init; }

    /// <summary>The authority that knows the account.</summary>
    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    /// <summary>True for the account that sends the request.</summary>
    public required bool IsYou { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal static class MemberMapper
{
    public static MemberResponse ToResponse(this Member member, Caller caller) => new()
    {
        Id = member.Id,
        Role = member.Role,
        Email = member.Email,
        Name = member.Name,
        Issuer = member.Issuer,
        Subject = member.Subject,
        IsYou = member.AccountDigest == caller.Account?.Digest,
        CreatedAt = member.CreatedAt,
        UpdatedAt = member.UpdatedAt,
    };
}
