using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Api.Data.Idempotency;

/// <summary>An Idempotency-Key that was used, and the response it got.</summary>
internal sealed class IdempotencyRecord
{
    public const int MaxKeyLength = 128;

    /// <summary>The studio's id, or "platform".</summary>
    public required string Owner { get; init; }

    public required string CallerName { get; init; }

    public required string Key { get; init; }

    /// <summary>A hash over method, path and body: the same key with another request is refused. It is keyed because a body may contain a PIN.</summary>
    public required string RequestHash { get; init; }

    /// <summary>0 while the operation runs: the key is claimed, but there is no response yet.</summary>
    public int Status { get; set; }

    public bool IsAnswered => Status != 0;

    public string? ContentType { get; set; }

    /// <summary>Headers of the response, one "Name: value" per line.</summary>
    public string Headers { get; set; } = "";

    /// <summary>The response body, encrypted because it may contain a key that is shown only once.</summary>
    [Sealed]
    public byte[] Body { get; set; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<IdempotencyRecord>
    {
        public void Configure(EntityTypeBuilder<IdempotencyRecord> builder)
        {
            builder.ToTable("idempotency_records");
            builder.HasKey(r => new { r.Owner, r.CallerName, r.Key });
            builder.Ignore(r => r.IsAnswered);
            builder.Property(r => r.Owner).HasMaxLength(40).IsUnicode(false);
            builder.Property(r => r.CallerName).HasMaxLength(64).IsUnicode(false);
            builder.Property(r => r.Key).HasMaxLength(MaxKeyLength).IsUnicode(false);
            builder.Property(r => r.RequestHash).HasMaxLength(64).IsUnicode(false);
            builder.Property(r => r.Headers).HasMaxLength(2000);
            builder.HasIndex(r => r.CreatedAt);
        }
    }
}
