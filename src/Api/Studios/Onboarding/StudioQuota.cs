using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Onboarding;

internal sealed class OnboardingOptions
{
    /// <summary>How many studios one account may make.</summary>
    [Range(1, 1_000)]
    public int StudiosPerAccount { get; init; } = 5;

    /// <summary>Where an invitation's mail leads, with <c>{code}</c> in it; best behind a #, which no server and no referrer sees. Empty: the mail shows the code.</summary>
    public string InvitationUrl { get; init; } = "";
}

/// <summary>One of the studios that an account may make. Its number is part of the key: two at the same moment cannot both be the last.</summary>
internal sealed class StudioQuota
{
    public required string AccountDigest { get; init; }

    public required int Number { get; init; }

    public required Id<Tenant> StudioId { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<StudioQuota>
    {
        public void Configure(EntityTypeBuilder<StudioQuota> builder)
        {
            builder.ToTable("studio_quotas");
            builder.Property(f => f.AccountDigest).HasMaxLength(64).IsUnicode(false);
            builder.HasKey(f => new { f.AccountDigest, f.Number });
            builder.Property(f => f.Number).ValueGeneratedNever();
        }
    }

    /// <summary>The next free one; null when the account has made as many as it may.</summary>
    public static async Task<StudioQuota?> NextAsync(ProofsheetDb db, Account account, Id<Tenant> studio, int limit, CancellationToken cancellation)
    {
        var made = await db.Set<StudioQuota>().Where(f => f.AccountDigest == account.Digest).Select(f => f.Number).ToListAsync(cancellation);
        return made.Count >= limit ? null : new StudioQuota { AccountDigest = account.Digest, Number = made.DefaultIfEmpty().Max() + 1, StudioId = studio };
    }
}
