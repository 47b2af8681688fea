using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries;

/// <summary>
/// What gallery responses say about photos. Galleries cannot reference photos, so another module implements this. Anyone may see these
/// covers, so their URLs show the watermark.
/// </summary>
internal interface IGalleryFrontDetails
{
    Task<IReadOnlyDictionary<Id<Gallery>, GalleryFrontDetails>> OfAsync(IReadOnlyCollection<Gallery> galleries, CancellationToken cancellation);

    /// <summary>Whether a photo of the gallery can be its cover: it exists and is not deleted.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="photoId">As a client sent it.</param>
    /// <param name="cancellation">Cancels the query.</param>
    Task<bool> HasPhotoAsync(Id<Gallery> gallery, string photoId, CancellationToken cancellation);
}

/// <param name="PhotoCount">The number of photos that a visitor would see.</param>
/// <param name="Cover">Null while there is no cover that is ready.</param>
internal sealed record GalleryFrontDetails(int PhotoCount, PhotoUrlsResponse? Cover);

/// <summary>Used if the host has no module with photos.</summary>
internal sealed class NoPhotos : IGalleryFrontDetails
{
    public Task<IReadOnlyDictionary<Id<Gallery>, GalleryFrontDetails>> OfAsync(IReadOnlyCollection<Gallery> galleries, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<Id<Gallery>, GalleryFrontDetails>>(new Dictionary<Id<Gallery>, GalleryFrontDetails>());

    public Task<bool> HasPhotoAsync(Id<Gallery> gallery, string photoId, CancellationToken cancellation) => Task.FromResult(false);
}
