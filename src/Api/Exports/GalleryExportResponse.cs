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

    /// <summary>The number of photos in the gallery when the export was made. Null until they have been counted.</summary>
    public required int? PhotoCount { get; init; }

    /// <summary>How many of the photos have been checked so far.</summary>
    public required int PreparedCount { get; init; }

    /// <summary>The number of photos whose original is no longer in the store. The export lists them without a file.</summary>
    public required int MissingCount { get; init; }

    /// <summary>The size of the archive in bytes. Null until it is ready.</summary>
    public required long? Bytes { get; init; }

    /// <summary>The URL of the archive. Anyone who has it can use it until it expires. Null until the export is ready.</summary>
    public required string? Url { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal static class GalleryExportMapper
{
    /// <param name="withUrl">Only for callers that may read originals.</param>
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
