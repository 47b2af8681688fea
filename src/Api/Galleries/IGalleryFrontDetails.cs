using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries;

/// <summary>
/// What galleries tell about their photos, which they cannot see: the photos' module answers. Anybody may see these covers, so
/// their addresses show the watermark.
/// </summary>
internal interface IGalleryFrontDetails
{
    Task<IReadOnlyDictionary<Id<Gallery>, GalleryFrontDetails>> OfAsync(IReadOnlyCollection<Gallery> galleries, CancellationToken cancellation);
}

/// <param name="PhotoCount">Photos a visitor would see.</param>
/// <param name="Cover">Null while there is no cover that is ready.</param>
internal sealed record GalleryFrontDetails(int PhotoCount, CoverUrlsResponse? Cover);

/// <summary>Signed addresses of a cover, by their longest side.</summary>
internal sealed record CoverUrlsResponse
{
    /// <summary>300 pixels.</summary>
    public required string Thumbnail { get; init; }

    /// <summary>1200 pixels.</summary>
    public required string Preview { get; init; }

    /// <summary>2048 pixels.</summary>
    public required string Large { get; init; }
}

/// <summary>Answers where no room that has photos is part of the host.</summary>
internal sealed class NoPhotos : IGalleryFrontDetails
{
    public Task<IReadOnlyDictionary<Id<Gallery>, GalleryFrontDetails>> OfAsync(IReadOnlyCollection<Gallery> galleries, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<Id<Gallery>, GalleryFrontDetails>>(new Dictionary<Id<Gallery>, GalleryFrontDetails>());
}
