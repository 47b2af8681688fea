using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>
/// How often something was tried in a window. It lies in the database, so that it counts over several processes and
/// restarts; it is no studio's, since an address may try the galleries of many.
/// </summary>
internal sealed class AttemptCounter
{
    /// <summary>What is counted, e.g. <c>gallery:gal_…</c>; addresses only as keyed hashes.</summary>
    public required string Key { get; init; }

    public required int Taken { get; set; }

    public required DateTimeOffset EndsAt { get; set; }

    /// <summary>How many windows in a row filled up; each doubles the wait after the next.</summary>
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
