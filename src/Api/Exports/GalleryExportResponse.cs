using Proofsheet.Api.Galleries;
using Proofsheet.Api.GalleryDownloads;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Exports;

internal sealed record GalleryExportResponse
{
    public required Id<GalleryExport> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required PreparationStatus Status { get; init; }

    /// <summary>Photos of the gallery when the export was made; null until they were counted.</summary>
    public required int? PhotoCount { get; init; }

    /// <summary>How many of the photos were looked at so far.</summary>
    public required int PreparedCount { get; init; }

    /// <summary>Photos whose original is not in the store any more: the export lists them without a file.</summary>
    public required int MissingCount { get; init; }

    /// <summary>Of the archive; null until it is ready.</summary>
    public required long? Bytes { get; init; }

    /// <summary>Anyone who has this address may use it until it ends. Null until it is ready.</summary>
    public required string? Url { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal static class GalleryExportMapper
{
    /// <param name="withUrl">Only for who may read originals.</param>
    public static GalleryExportResponse ToResponse(this GalleryExport export, DownloadLinks links, bool withUrl) => new()
    {
        Id = export.Id,
        GalleryId = export.GalleryId,
        Status = export.Status,
        PhotoCount = export.PhotoCount > 0 || export.Status == PreparationStatus.Ready ? export.PhotoCount : null,
        PreparedCount = export.PreparedCount,
        MissingCount = export.MissingCount,
        Bytes = export.Status == PreparationStatus.Ready ? export.Bytes : null,
        Url = withUrl && export.Status == PreparationStatus.Ready ? links.Until($"/v1/downloads/exports/{export.Id}.zip", export.ExpiresAt) : null,
        CreatedAt = export.CreatedAt,
        UpdatedAt = export.UpdatedAt,
        ExpiresAt = export.ExpiresAt,
    };
}
