using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Media.Serving;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Media.Cache;

/// <summary>Photo counts and covers for gallery responses, in two queries for a whole page of them.</summary>
internal sealed class GalleryFronts(ProofsheetDb db, Caller caller, PhotoLinks links, GalleryMarks marks) : IGalleryFrontDetails
{
    public async Task<IReadOnlyDictionary<Id<Gallery>, GalleryFrontDetails>> OfAsync(IReadOnlyCollection<Gallery> galleries, CancellationToken cancellation)
    {
        var ids = galleries.Select(g => g.Id).ToList();
        var shown = db.Set<Photo>().AsNoTracking().Where(p => p.Status == PhotoStatus.Ready && !p.IsHidden && p.DeletedAt == null);
        var counts = await shown.Where(p => ids.Contains(p.GalleryId)).GroupBy(p => p.GalleryId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellation);
        var coverIds = galleries.Select(g => Id<Photo>.TryRead(g.CoverPhotoId, out var id) ? id : default).Where(id => !id.IsEmpty).ToList();
        var covers = coverIds.Count == 0 ? [] : await shown.Where(p => coverIds.Contains(p.Id)).ToDictionaryAsync(p => p.GalleryId, cancellation);

        var details = new Dictionary<Id<Gallery>, GalleryFrontDetails>();
        foreach (var gallery in galleries)
        {
            details[gallery.Id] = new GalleryFrontDetails(
                counts.GetValueOrDefault(gallery.Id),
                covers.TryGetValue(gallery.Id, out var cover) ? await UrlsAsync(gallery, cover, cancellation) : null);
        }

        return details;
    }

    public async Task<bool> HasPhotoAsync(Id<Gallery> gallery, string photoId, CancellationToken cancellation) =>
        Id<Photo>.TryRead(photoId, out var id) && await db.Set<Photo>().AnyAsync(p => p.Id == id && p.GalleryId == gallery && p.DeletedAt == null, cancellation);

    private async Task<PhotoUrlsResponse> UrlsAsync(Gallery gallery, Photo cover, CancellationToken cancellation)
    {
        var variant = caller.IsStudio ? MediaPath.Clean : (await marks.OfAsync(gallery, caller.Visitor(), cancellation)).Variant;
        return new PhotoUrlsResponse
        {
            Thumbnail = links.Url(cover, variant, RenditionSizes.Thumbnail),
            Preview = links.Url(cover, variant, RenditionSizes.Preview),
            Large = links.Url(cover, variant, RenditionSizes.Large),
        };
    }
}
