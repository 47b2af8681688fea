using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries;

/// <summary>
/// What galleries tell about their photos, which they cannot see: the photos' module answers. Anybody may see these covers, so
/// their addresses show the watermark.
/// </summary>
internal interface IGalleryFrontDetails
{
    Task<IReadOnlyDictionary<Id<Gallery>, GalleryFrontDetails>> OfAsync(IReadOnlyCollection<Gallery> galleries, CancellationToken cancellation);

    /// <summary>Whether a photo of the gallery can be its cover: it exists and is not deleted.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="photoId">As a client sent it.</param>
    /// <param name="cancellation">Ends the query.</param>
    Task<bool> HasPhotoAsync(Id<Gallery> gallery, string photoId, CancellationToken cancellation);
}

/// <param name="PhotoCount">Photos a visitor would see.</param>
/// <param name="Cover">Null while there is no cover that is ready.</param>
internal sealed record GalleryFrontDetails(int PhotoCount, PhotoUrlsResponse? Cover);

/// <summary>Answers where no module that has photos is part of the host.</summary>
internal sealed class NoPhotos : IGalleryFrontDetails
{
    public Task<IReadOnlyDictionary<Id<Gallery>, GalleryFrontDetails>> OfAsync(IReadOnlyCollection<Gallery> galleries, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<Id<Gallery>, GalleryFrontDetails>>(new Dictionary<Id<Gallery>, GalleryFrontDetails>());

    public Task<bool> HasPhotoAsync(Id<Gallery> gallery, string photoId, CancellationToken cancellation) => Task.FromResult(false);
}
