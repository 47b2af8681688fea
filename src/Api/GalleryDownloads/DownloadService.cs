using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.GalleryDownloads;

/// <summary>Gives out downloads and counts their photos, for one visitor after the other.</summary>
internal sealed class DownloadService(ProofsheetDb db, TenantContext tenant, ArchiveLists lists, WantedPhotos wanted, TimeProvider clock)
{
    /// <summary>The download, either new or an existing one; null if the rules do not allow that many photos.</summary>
    public async Task<(GalleryDownload? Download, bool IsNew)> OpenAsync(DownloadTerms terms, DigitalSize size, IReadOnlyList<WantedPhoto> photos, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var variant = terms.Variant(size);
        var hash = WantedPhotos.Hash(variant, photos);
        if (await FindAsync(terms, hash, now, cancellation) is { } known)
        {
            return (known, false);
        }

        if (!await FitsAsync(terms, photos, cancellation))
        {
            return (null, false);
        }

        var files = await wanted.ListAsync(photos, terms, size, cancellation);
        var isReady = size == DigitalSize.Full;
        var download = new GalleryDownload
        {
            Id = Id<GalleryDownload>.New(now),
            GalleryId = terms.Gallery.Id,
            VisitorId = terms.Visitor.Id,
            Size = size,
            Variant = variant,
            AccessVersion = terms.Gallery.AccessVersion,
            PinVersion = terms.Rules.PinVersion,
            ListHash = hash,
            Status = isReady ? PreparationStatus.Ready : PreparationStatus.Preparing,
            PhotoCount = photos.Count,
            PreparedCount = isReady ? photos.Count : 0,
            Bytes = isReady ? LengthOf(files) : 0,
            CreatedAt = now,
            ExpiresAt = Soonest(now + GalleryDownload.Lifetime, terms.Rules.EndsAt, terms.Gallery.ExpiresAt),
        };

        // Written before the row that refers to it; a list without a row is swept.
        await lists.WriteAsync(tenant.Current, download.Id.ToStored(), files, cancellation);
        var opened = await CountAsync(terms, download, photos, cancellation);
        if (opened.Download?.Id != download.Id)
        {
            await lists.DeleteAsync(tenant.Current, download.Id.ToStored(), CancellationToken.None);
        }

        return opened;
    }

    public static long LengthOf(IReadOnlyList<ListedFile> files) => files.Count == 1 ? files[0].File.Bytes : new Archive([.. files.Select(f => f.File)]).Layout.Length;

    private async Task<(GalleryDownload? Download, bool IsNew)> CountAsync(DownloadTerms terms, GalleryDownload download, IReadOnlyList<WantedPhoto> photos, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // Other requests that count here wait until our transaction ends. If the rules changed in the meantime, we start over with the new ones.
        var version = terms.Rules.Version;
        if (await db.LockAsync(db.Set<GalleryDownloadRules>().Where(r => r.GalleryId == terms.Gallery.Id && r.Version == version), cancellation) == 0)
        {
            throw new ProblemException(409, "concurrent_change", "The gallery's rules changed at the same moment. Ask again.");
        }

        if (await FindAsync(terms, download.ListHash, download.CreatedAt, cancellation) is { } known)
        {
            return (known, false);
        }

        if (!await FitsAsync(terms, photos, cancellation))
        {
            return (null, false);
        }

        var who = terms.Who;
        var counted = await CountedAsync(terms, cancellation);
        db.AddRange(photos.Where(p => !counted.Contains(p.Id)).Select(p => new CountedDownload { GalleryId = terms.Gallery.Id, Who = who, PhotoId = p.Id, CountedAt = download.CreatedAt }));
        db.Add(download);
        if (download.Status == PreparationStatus.Preparing)
        {
            db.Publish(tenant.Current, new DownloadAsked(download.Id), download.CreatedAt);
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (download, true);
    }

    private async Task<GalleryDownload?> FindAsync(DownloadTerms terms, string hash, DateTimeOffset now, CancellationToken cancellation)
    {
        var (visitor, access, pin) = (terms.Visitor.Id, terms.Gallery.AccessVersion, terms.Rules.PinVersion);
        return await db.Set<GalleryDownload>().AsNoTracking()
            .Where(d => d.VisitorId == visitor && d.ListHash == hash && d.AccessVersion == access && d.PinVersion == pin && d.ExpiresAt > now && d.Status != PreparationStatus.Failed)
            .OrderByDescending(d => d.Id).FirstOrDefaultAsync(cancellation);
    }

    private async Task<bool> FitsAsync(DownloadTerms terms, IReadOnlyList<WantedPhoto> photos, CancellationToken cancellation)
    {
        if (terms.Rules is { PhotosPerVisitor: null, PhotosPerGallery: null })
        {
            return true;
        }

        var counted = await CountedAsync(terms, cancellation);
        var more = photos.Count(p => !counted.Contains(p.Id));
        return counted.Count + more <= (terms.Rules.PhotosPerVisitor ?? int.MaxValue)
            && (more == 0 || terms.Rules.PhotosPerGallery is not { } most || await db.Set<CountedDownload>().CountAsync(c => c.GalleryId == terms.Gallery.Id, cancellation) + more <= most);
    }

    private async Task<HashSet<Id<Photo>>> CountedAsync(DownloadTerms terms, CancellationToken cancellation)
    {
        var who = terms.Who;
        return await db.Set<CountedDownload>().AsNoTracking().Where(c => c.GalleryId == terms.Gallery.Id && c.Who == who).Select(c => c.PhotoId).ToHashSetAsync(cancellation);
    }

    private static DateTimeOffset Soonest(params DateTimeOffset?[] times) => times.Min()!.Value;
}
