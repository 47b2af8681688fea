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

    /// <summary>How many of the photos are ready. All of them are when the status is ready.</summary>
    public required int PreparedCount { get; init; }

    /// <summary>The size of the file or the archive in bytes. Null until it is ready.</summary>
    public required long? Bytes { get; init; }

    /// <summary>
    /// The URL of a JPEG or an original for one photo, or of a ZIP for several. Anyone who has it can use it until it expires, or until the studio closes
    /// the gallery, changes its password or PIN or what may be downloaded, or hides or deletes one of the photos. Null until the download is ready.
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
