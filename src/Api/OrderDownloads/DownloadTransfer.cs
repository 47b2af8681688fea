using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.OrderDownloads;

/// <summary>
/// How often the download of a file or an archive was counted, and how many bytes of it were sent. Each counted download pays for the length of the
/// file, in whatever parts and order a client asks for it.
/// </summary>
internal sealed class DownloadTransfer : ITenantOwned, ILockable
{
    public Id<Tenant> TenantId { get; init; }

    /// <summary>The id of the grant, or of the order for the archive of all its files.</summary>
    public required string About { get; init; }

    /// <summary>How many downloads were counted for it.</summary>
    public long Counted { get; init; }

    /// <summary>Bytes that were sent or are being sent.</summary>
    public long SentBytes { get; init; }

    public long LockVersion { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<DownloadTransfer>
    {
        public void Configure(EntityTypeBuilder<DownloadTransfer> builder)
        {
            builder.ToTable("download_transfers");
            builder.Property(t => t.About).HasMaxLength(32).IsUnicode(false);
            builder.HasKey(t => new { t.TenantId, t.About });
        }
    }
}

/// <param name="About">The id of the grant or the order.</param>
/// <param name="Length">The length of the whole file or archive.</param>
internal readonly record struct TransferredFile(string About, long Length)
{
    // What a proxy or a broken connection swallowed is sent again without counting, up to the length of one file in all. A request for the whole file is
    // usually another download, so it may only repeat what probes got before it.
    private const int ProbedShare = 16;

    private long ToleranceFor(long bytes) => bytes < Length ? Length : Length / ProbedShare;

    /// <summary>Whether downloads that were already counted pay for this many more bytes.</summary>
    public Expression<Func<DownloadTransfer, bool>> PaysFor(long bytes)
    {
        var (about, length, needed) = (About, Length, bytes - ToleranceFor(bytes));
        return t => t.About == about && t.Counted > 0 && t.SentBytes + needed <= t.Counted * length;
    }

    /// <summary>Whether a counted download is not complete yet.</summary>
    public Expression<Func<DownloadTransfer, bool>> IsUnderWay()
    {
        var (about, length) = (About, Length);
        return t => t.About == about && t.SentBytes < t.Counted * length;
    }
}
