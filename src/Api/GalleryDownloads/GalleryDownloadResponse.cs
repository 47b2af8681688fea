using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.GalleryDownloads;

internal sealed record GalleryDownloadResponse
{
    public required Id<GalleryDownload> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required DigitalSize Size { get; init; }

    public required PreparationStatus Status { get; init; }

    public required int PhotoCount { get; init; }

    /// <summary>How many of the photos are ready; all when the status is ready.</summary>
    public required int PreparedCount { get; init; }

    /// <summary>Of the file or the archive; null until it is ready.</summary>
    public required long? Bytes { get; init; }

    /// <summary>
    /// Anyone who has this address may use it until it ends, or until the studio closes the gallery, changes its lock or what may be downloaded, or hides or deletes one of the photos.
    /// A JPEG or an original for one photo, a ZIP for several. Null until it is ready.
    /// </summary>
    public required string? Url { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal static class GalleryDownloadMapper
{
    public static GalleryDownloadResponse ToResponse(this GalleryDownload download, DownloadLinks links) => new()
    {
        Id = download.Id,
        GalleryId = download.GalleryId,
        Size = download.Size,
        Status = download.Status,
        PhotoCount = download.PhotoCount,
        PreparedCount = download.PreparedCount,
        Bytes = download.Status == PreparationStatus.Ready ? download.Bytes : null,
        Url = download.Status == PreparationStatus.Ready ? links.Until($"/v1/downloads/galleries/{download.Id}", download.ExpiresAt) : null,
        CreatedAt = download.CreatedAt,
        UpdatedAt = download.UpdatedAt,
        ExpiresAt = download.ExpiresAt,
    };
}
