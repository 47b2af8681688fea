using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Galleries;

/// <summary>
/// A slug that a gallery has or had. Former ones lead to their gallery and rest for a year before another gallery of the studio may take them, so that a
/// link or a printed card never opens the pictures of others. The key makes two galleries that take one at the same moment agree on a winner.
/// </summary>
internal sealed class SlugClaim : ITenantOwned
{
    public Id<Tenant> TenantId { get; init; }

    /// <summary>SHA-256: slugs are often made of names, and rest longer than a purged gallery keeps any.</summary>
    public required string SlugHash { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    /// <summary>Null while it is the gallery's own; afterwards, when it becomes free.</summary>
    public DateTimeOffset? RestsUntil { get; set; }

    public static string HashOf(string slug) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(slug)));

    internal sealed class Mapping : IEntityTypeConfiguration<SlugClaim>
    {
        public void Configure(EntityTypeBuilder<SlugClaim> builder)
        {
            builder.ToTable("slug_claims");
            builder.HasKey(c => new { c.TenantId, c.SlugHash });
            builder.Property(c => c.SlugHash).HasMaxLength(64).IsUnicode(false);
            builder.HasOne<Gallery>().WithMany().HasForeignKey(c => new { c.TenantId, c.GalleryId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

internal sealed class SlugClaims(ProofsheetDb db, TimeProvider clock)
{
    private static readonly TimeSpan Rest = TimeSpan.FromDays(365);

    /// <summary>Claims the gallery's slug with the next save, which fails with a unique violation if another gallery has it or it rests.</summary>
    public async Task<SlugClaim> TakeAsync(Gallery gallery, CancellationToken cancellation)
    {
        var (hash, now) = (SlugClaim.HashOf(gallery.Slug), clock.GetUtcNow());
        await db.Set<SlugClaim>().Where(c => c.SlugHash == hash && c.GalleryId != gallery.Id && c.RestsUntil <= now).ExecuteDeleteAsync(cancellation);
        var claim = await FindAsync(gallery, hash, cancellation);
        if (claim is null)
        {
            claim = new SlugClaim { SlugHash = hash, GalleryId = gallery.Id };
            db.Add(claim);
        }

        claim.RestsUntil = null;
        return claim;
    }

    /// <summary>Lets a slug rest with the next save; frees it if the gallery was never published, because then nobody has its link.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="slug">What was its slug.</param>
    /// <param name="since">When it ceased to be.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public async Task LeaveAsync(Gallery gallery, string slug, DateTimeOffset since, CancellationToken cancellation)
    {
        if (await FindAsync(gallery, SlugClaim.HashOf(slug), cancellation) is not { } claim)
        {
            return;
        }

        if (gallery.PublishedAt is null)
        {
            db.Remove(claim);
        }
        else
        {
            claim.RestsUntil = since + Rest;
        }
    }

    private Task<SlugClaim?> FindAsync(Gallery gallery, string hash, CancellationToken cancellation) =>
        db.Set<SlugClaim>().SingleOrDefaultAsync(c => c.SlugHash == hash && c.GalleryId == gallery.Id, cancellation);
}
