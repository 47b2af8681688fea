using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Audit;

internal enum AuditAction
{
    Created,
    Updated,
    Deleted,
}

/// <summary>Who changed what, with the values before and after. Saved together with the change, and never modified.</summary>
internal sealed class AuditEntry : ITenantOwned, IIdentified<AuditEntry>
{
    public static string Prefix => "aud";

    public Id<Tenant> TenantId { get; init; }

    public required Id<AuditEntry> Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Anonymous for our own background work.</summary>
    public required CallerType ActorType { get; init; }

    public required string Actor { get; init; }

    /// <summary>The authority that knows the actor by that name; null for keys, visitors and the platform.</summary>
    public string? ActorIssuer { get; init; }

    /// <summary>The client that an account used; null for others.</summary>
    public string? ActorClient { get; init; }

    public required AuditAction Action { get; init; }

    /// <summary>The type of the resource, for example <c>gallery</c>.</summary>
    public required string Entity { get; init; }

    /// <summary>Its id as in the API; for a part of a resource, the ids joined by slashes.</summary>
    public required string EntityId { get; init; }

    public required List<AuditChange> Changes { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<AuditEntry>
    {
        public void Configure(EntityTypeBuilder<AuditEntry> builder)
        {
            builder.ToTable("audit_entries");
            builder.Property(a => a.Actor).HasMaxLength(255);
            builder.Property(a => a.ActorIssuer).HasMaxLength(255);
            builder.Property(a => a.ActorClient).HasMaxLength(255);
            builder.Property(a => a.Entity).HasMaxLength(64).IsUnicode(false);
            builder.Property(a => a.EntityId).HasMaxLength(120).IsUnicode(false);
            builder.Property(a => a.Changes).IsJson();
            builder.HasIndex(a => new { a.TenantId, a.Entity, a.EntityId });
        }
    }
}

/// <summary>One field of a change.</summary>
internal sealed record AuditChange
{
    public required string Field { get; init; }

    /// <summary>As text; lists and records as JSON. Null if there was no value, or if it is withheld.</summary>
    public required string? Before { get; init; }

    public required string? After { get; init; }

    /// <summary>True for secrets and personal values: only the fact that they changed is recorded, not the values.</summary>
    public required bool IsWithheld { get; init; }
}
