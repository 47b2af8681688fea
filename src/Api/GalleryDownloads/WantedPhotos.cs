using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Selections;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.GalleryDownloads;

/// <summary>What is needed of a photo to download it.</summary>
internal sealed record WantedPhoto(
    Id<Photo> Id, Id<Section>? SectionId, string FileName, string ContentType, long Bytes, long Crc32, int RenditionVersion, List<StoredRendition> Renditions, DateTimeOffset CreatedAt);

/// <summary>Finds the photos that a visitor requests, among those that are shown to it, in the gallery's order.</summary>
internal sealed class WantedPhotos(ProofsheetDb db, TenantContext tenant, Caller caller)
{
    /// <summary>Null if one of the photos, the section or the selection does not exist for the visitor.</summary>
    public async Task<IReadOnlyList<WantedPhoto>?> FindAsync(Id<Gallery> gallery, RequestDownloadRequest request, CancellationToken cancellation)
    {
        var shown = db.PhotosFor(caller).AsNoTracking().Where(p => p.GalleryId == gallery);
        if (request.PhotoIds is { } ids)
        {
            var found = await ReadAsync(shown.Where(p => ids.Contains(p.Id)), cancellation);
            return found.Count == ids.Distinct().Count() ? found : null;
        }

        if (request.SectionId is { } section)
        {
            return await db.Set<Section>().AnyAsync(s => s.Id == section && s.GalleryId == gallery, cancellation)
                ? await ReadAsync(shown.Where(p => p.SectionId == section), cancellation)
                : null;
        }

        if (request.SelectionId is { } selection)
        {
            return await db.FindSelectionAsync(caller, selection, cancellation) is null
                ? null
                : await ReadAsync(shown.Where(p => db.Set<Pick>().Any(k => k.SelectionId == selection && k.PhotoId == p.Id)), cancellation);
        }

        return await ReadAsync(shown, cancellation);
    }

    /// <summary>The list of the archive, in folders by section. Lengths and checksums of web files are measured later.</summary>
    public async Task<IReadOnlyList<ListedFile>> ListAsync(IReadOnlyList<WantedPhoto> photos, DownloadTerms terms, DigitalSize size, CancellationToken cancellation)
    {
        var sections = await db.Set<Section>().AsNoTracking().Where(s => s.GalleryId == terms.Gallery.Id).OrderBy(s => s.Position).ThenBy(s => s.Id).ToListAsync(cancellation);
        var titles = sections.ToDictionary(s => s.Id, s => s.Title);
        var paths = new ArchivePaths();
        return [.. photos.Select(photo =>
        {
            var contentType = size == DigitalSize.Full ? photo.ContentType : "image/jpeg";
            var folder = photo.SectionId is { } section && titles.ContainsKey(section) ? section : (Id<Section>?)null;
            var path = paths.Add(folder, folder is { } known ? titles[known] : "", FileNames.Of(photo.FileName, contentType));
            return new ListedFile(
                size == DigitalSize.Full
                    ? new ArchiveFile(path, PhotoFiles.Original(tenant.Current, photo.Id), photo.Bytes, (uint)photo.Crc32, photo.CreatedAt)
                    : new ArchiveFile(path, terms.WebFile(tenant.Current, photo.Id, photo.RenditionVersion, photo.Renditions).Key, 0, 0, photo.CreatedAt),
                photo.Id);
        })];
    }

    public static string Hash(string variant, IEnumerable<WantedPhoto> photos)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(variant));
        foreach (var photo in photos)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\n{photo.Id.ToStored()} {photo.RenditionVersion} {photo.SectionId?.ToStored()}")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task<IReadOnlyList<WantedPhoto>> ReadAsync(IQueryable<Photo> photos, CancellationToken cancellation) =>
        await photos.OrderBy(p => p.Position).ThenBy(p => p.Id)
            .Select(p => new WantedPhoto(p.Id, p.SectionId, p.CurrentVersion.FileName, p.CurrentVersion.ContentType, p.CurrentVersion.Bytes, p.CurrentVersion.Crc32, p.RenditionVersion, p.Renditions, p.CreatedAt))
            .ToListAsync(cancellation);
}
