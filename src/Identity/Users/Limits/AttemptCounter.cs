using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Proofsheet.Identity.Users.Limits;

/// <summary>The number of attempts in a time window; in the database, so that it is shared by processes and survives restarts.</summary>
internal sealed class AttemptCounter
{
    /// <summary>What is counted, as a keyed hash, so that neither IP nor email addresses are readable here.</summary>
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
