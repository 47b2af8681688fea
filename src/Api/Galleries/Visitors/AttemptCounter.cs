using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>
/// How often something was attempted in a time window. It is stored in the database so that it counts across processes and
/// restarts, and belongs to no studio because one address may try galleries of many.
/// </summary>
internal sealed class AttemptCounter
{
    /// <summary>What is counted, for example <c>gallery:gal_…</c>; addresses only as keyed hashes.</summary>
    public required string Key { get; init; }

    public required int Taken { get; set; }

    public required DateTimeOffset EndsAt { get; set; }

    /// <summary>How many windows in a row were used up; each doubles the next wait.</summary>
    public int Strikes { get; set; }

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
