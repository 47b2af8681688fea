using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Shared.Outbox;

/// <summary>
/// A piece of background work, saved in the transaction of the change that asks for it. It is not filtered by tenant: the dispatcher reads all
/// messages, and opens a scope of the message's tenant for each.
/// </summary>
internal sealed class OutboxMessage : IIdentified<OutboxMessage>
{
    public static string Prefix => "obx";

    public required Id<OutboxMessage> Id { get; init; }

    public required Id<Tenant> Tenant { get; init; }

    /// <summary>The event's name, such as <c>photos.uploaded</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The one handler that this row is for; null until the event was split into one row per handler.</summary>
    public string? Handler { get; init; }

    public required string Payload { get; init; }

    /// <summary>Other messages go first; see <see cref="IBulkEvent"/>.</summary>
    public bool IsBulk { get; init; }

    /// <summary>The studio's other bulk messages go first; see <see cref="IDeferredEvent"/>.</summary>
    public bool IsDeferred { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset DueAt { get; set; }

    public int Attempts { get; set; }

    /// <summary>The worker that holds it, until <see cref="LeaseUntil"/>; the lease of a worker that dies simply expires.</summary>
    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public DateTimeOffset? DoneAt { get; set; }

    /// <summary>Set when every attempt failed: the message waits until a person replays it.</summary>
    public DateTimeOffset? DeadAt { get; set; }

    public string? LastError { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<OutboxMessage>
    {
        public void Configure(EntityTypeBuilder<OutboxMessage> builder)
        {
            builder.ToTable("outbox_messages");
            builder.HasKey(m => m.Id);
            builder.Property(m => m.Id).ValueGeneratedNever();
            builder.Property(m => m.Event).HasMaxLength(80).IsUnicode(false);
            builder.Property(m => m.Handler).HasMaxLength(120).IsUnicode(false);
            builder.Property(m => m.Payload).IsLong();
            builder.Property(m => m.LeaseOwner).HasMaxLength(64).IsUnicode(false);
            builder.Property(m => m.LastError).HasMaxLength(2000);
            builder.HasIndex(m => new { m.IsBulk, m.Tenant, m.IsDeferred, m.DueAt, m.Id }).HasFilter(OutboxSql.Open);
            builder.HasIndex(m => m.DoneAt).HasFilter("done_at IS NOT NULL");
            builder.HasIndex(m => m.DeadAt).HasFilter("dead_at IS NOT NULL");
        }
    }
}
