using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Proofsheet.Identity.Users.Limits;

/// <summary>How often something was tried in a window; in the database, so that it counts over processes and restarts.</summary>
internal sealed class AttemptCounter
{
    /// <summary>What is counted, as a keyed hash: neither addresses nor mail addresses are readable here.</summary>
    public required string Key { get; init; }

    public required int Taken { get; set; }

    public required DateTimeOffset EndsAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<AttemptCounter>
    {
        public void Configure(EntityTypeBuilder<AttemptCounter> builder)
        {
            builder.ToTable("attempt_counters");
            builder.HasKey(c => c.Key);
            builder.Property(c => c.Key).HasMaxLength(64).IsUnicode(false);
            builder.HasIndex(c => c.EndsAt);
        }
    }
}
