using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Auth.Staff;

/// <summary>An account that may run the platform, with a recent second factor. It can only be added on the command line.</summary>
internal sealed class PlatformStaff
{
    /// <summary>See <see cref="Account.Digest"/>.</summary>
    public required string AccountDigest { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    /// <summary>A name for people to recognize the account.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<PlatformStaff>
    {
        public void Configure(EntityTypeBuilder<PlatformStaff> builder)
        {
            builder.ToTable("platform_staff");
            builder.HasKey(s => s.AccountDigest);
            builder.Property(s => s.AccountDigest).HasMaxLength(64).IsUnicode(false);
            builder.Property(s => s.Issuer).HasMaxLength(255);
            builder.Property(s => s.Subject).HasMaxLength(255);
            builder.Property(s => s.Name).HasMaxLength(100);
        }
    }
}

/// <summary>Knows the platform staff. A removal takes effect everywhere within a minute.</summary>
internal sealed class StaffDirectory(TimeProvider clock)
{
    /// <summary>The maximum age of the sign-in with a second factor.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    private readonly ShortCache<string, PlatformStaff> _known = new(clock, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));

    /// <summary>False if the account is already on the staff.</summary>
    public static async Task<bool> AddAsync(ProofsheetDb db, string issuer, string subject, string name, DateTimeOffset now)
    {
        var digest = Account.DigestOf(issuer, subject);
        if (await db.Set<PlatformStaff>().AnyAsync(s => s.AccountDigest == digest))
        {
            return false;
        }

        db.Add(new PlatformStaff { AccountDigest = digest, Issuer = issuer, Subject = subject, Name = name, AddedAt = now });
        await db.SaveChangesAsync();
        return true;
    }

    public static async Task<bool> RemoveAsync(ProofsheetDb db, string issuer, string subject)
    {
        var digest = Account.DigestOf(issuer, subject);
        return await db.Set<PlatformStaff>().Where(s => s.AccountDigest == digest).ExecuteDeleteAsync() > 0;
    }

    public async ValueTask<bool> HasAsync(Account account, ProofsheetDb db, CancellationToken cancellation) =>
        await _known.GetAsync(account.Digest, db, static (digest, db, cancellation) =>
            db.Set<PlatformStaff>().AsNoTracking().SingleOrDefaultAsync(s => s.AccountDigest == digest, cancellation), cancellation) is not null;

    public bool IsFresh(VerifiedToken token)
    {
        var now = clock.GetUtcNow();
        return token.HasSecondFactor && token.AuthenticatedAt is { } at && now - at <= Fresh && at - now <= TimeSpan.FromSeconds(token.Authority.Options.SkewSeconds);
    }
}
