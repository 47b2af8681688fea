using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Uploads.Multipart;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>A file that is sent in pieces, and what became of it.</summary>
internal sealed record UploadResponse
{
    public required Id<Upload> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required string FileName { get; init; }

    /// <summary>In bytes. Null until the client has declared the length.</summary>
    public required long? Length { get; init; }

    /// <summary>How many bytes have been received and kept. Continue from here.</summary>
    public required long Offset { get; init; }

    /// <summary>Where to request a URL of the object store that takes the file. Null if the bytes have to be sent to the API.</summary>
    public required string? DirectUrl { get; init; }

    public required UploadStatus Status { get; init; }

    /// <summary>What became of the file. Null until the upload is done or refused, and for partial uploads.</summary>
    public required UploadOutcome? Outcome { get; init; }

    /// <summary>The new photo, or the existing one if the file is a duplicate. Null if there is none.</summary>
    public required PhotoResponse? Photo { get; init; }

    /// <summary>Why the file was refused. Null unless it was.</summary>
    public required PhotoFailureResponse? Problem { get; init; }

    /// <summary>When the upload and the bytes received so far are deleted, unless it is written to before then.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed class UploadMapper(ProofsheetDb db, PhotoMapper photos, DirectUploads direct)
{
    public async Task<UploadResponse> OneAsync(Upload upload, CancellationToken cancellation)
    {
        var photo = upload.PhotoId is null ? null : await db.StudioPhotos().AsNoTracking().SingleOrDefaultAsync(p => p.Id == upload.PhotoId, cancellation);
        return new UploadResponse
        {
            Id = upload.Id,
            GalleryId = upload.GalleryId,
            FileName = upload.FileName,
            Length = upload.Length,
            Offset = upload.Offset,
            DirectUrl = direct.UrlOf(upload),
            Status = upload.ShownStatus,
            Outcome = upload.Outcome,
            Photo = photo is null ? null : await photos.OneAsync(photo, cancellation),
            Problem = upload.Refusal is { } refusal ? new() { Code = refusal.Code, Detail = refusal.Detail } : null,
            ExpiresAt = upload.ExpiresAt,
        };
    }
}
