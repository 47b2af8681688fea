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
    /// <summary>How many studios one account may create.</summary>
    [Range(1, 1_000)]
    public int StudiosPerAccount { get; init; } = 5;

    /// <summary>The URL in invitation emails, with <c>{code}</c>, best after a # that servers and referrers never see. If empty, the email shows the code.</summary>
    public string InvitationUrl { get; init; } = "";
}

/// <summary>One of the studios that an account may create. Its number is part of the key, so two concurrent requests cannot both take the last one.</summary>
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

    /// <summary>The next free number; null if the account has created as many studios as it may.</summary>
    public static async Task<StudioQuota?> NextAsync(ProofsheetDb db, Account account, Id<Tenant> studio, int limit, CancellationToken cancellation)
    {
        var made = await db.Set<StudioQuota>().Where(f => f.AccountDigest == account.Digest).Select(f => f.Number).ToListAsync(cancellation);
        return made.Count >= limit ? null : new StudioQuota { AccountDigest = account.Digest, Number = made.DefaultIfEmpty().Max() + 1, StudioId = studio };
    }
}
