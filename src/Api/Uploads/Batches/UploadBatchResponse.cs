using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Uploads.Multipart;
using Proofsheet.Api.Uploads.Tus;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Batches;

/// <summary>Files that were announced together, and the progress of each.</summary>
internal sealed record UploadBatchResponse
{
    public required Id<UploadBatch> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    /// <summary>The files, in the order in which they were announced.</summary>
    public required IReadOnlyList<UploadBatchFileResponse> Files { get; init; }

    public required UploadBatchTotalsResponse Totals { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the batch is deleted, unless one of its uploads is written to before then.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed record UploadBatchFileResponse
{
    /// <summary>The file's index in the announcement, from 0.</summary>
    public required int Index { get; init; }

    public required string Path { get; init; }

    public required long Bytes { get; init; }

    /// <summary>What became of the file. It is accepted even while its bytes are still being uploaded.</summary>
    public required UploadOutcome Outcome { get; init; }

    public required UploadStatus Status { get; init; }

    /// <summary>How many bytes have been received.</summary>
    public required long Offset { get; init; }

    /// <summary>The upload to send the bytes to. Null if nothing needs to be sent.</summary>
    public required Id<Upload>? UploadId { get; init; }

    /// <summary>The URL to send the bytes to. Null if nothing needs to be sent.</summary>
    public required string? UploadUrl { get; init; }

    /// <summary>Where to request a URL of the object store that takes the bytes. Null if they have to be sent to the API.</summary>
    public required string? DirectUrl { get; init; }

    /// <summary>The photo. Null until there is one.</summary>
    public required Id<Photo>? PhotoId { get; init; }

    public required PhotoFailureResponse? Problem { get; init; }
}

internal sealed record UploadBatchTotalsResponse
{
    public required int FileCount { get; init; }

    /// <summary>The total size in bytes of the files that need to be sent.</summary>
    public required long Bytes { get; init; }

    /// <summary>How many of those bytes have been received.</summary>
    public required long BytesReceived { get; init; }

    public required int OpenCount { get; init; }

    public required int FinishingCount { get; init; }

    public required int DoneCount { get; init; }

    public required int RefusedCount { get; init; }
}

internal sealed class UploadBatchMapper(ProofsheetDb db, PublicUrl publicUrl, DirectUploads direct)
{
    private static readonly PhotoFailureResponse s_gone = new() { Code = "upload_expired", Detail = "The upload was given up, or nothing was written to it for too long." };

    public async Task<UploadBatchResponse> OneAsync(UploadBatch batch, CancellationToken cancellation)
    {
        var uploads = await db.Set<Upload>().AsNoTracking().Where(u => u.BatchId == batch.Id).ToDictionaryAsync(u => u.Id, cancellation);
        var files = new List<UploadBatchFileResponse>(batch.Files.Count);
        foreach (var file in batch.Files.OrderBy(f => f.Position))
        {
            files.Add(file.SameAs is { } first ? Of(file, files[first]) : Of(file, file.UploadId is { } id ? uploads.GetValueOrDefault(id) : null));
        }

        return new UploadBatchResponse
        {
            Id = batch.Id,
            GalleryId = batch.GalleryId,
            Files = files,
            Totals = Totals(files),
            CreatedAt = batch.CreatedAt,
            ExpiresAt = uploads.Values.Select(u => u.ExpiresAt).Append(batch.ExpiresAt).Max(),
        };
    }

    private UploadBatchFileResponse Of(UploadBatchFile file, Upload? upload)
    {
        var isGone = file.UploadId is not null && upload is null;
        var problem = upload?.Refusal is { } refusal ? new() { Code = refusal.Code, Detail = refusal.Detail }
            : isGone ? s_gone
            : file.ProblemCode is null ? null : new PhotoFailureResponse { Code = file.ProblemCode, Detail = file.ProblemDetail! };
        return new UploadBatchFileResponse
        {
            Index = file.Position,
            Path = file.Path,
            Bytes = file.Bytes,
            Outcome = problem is not null ? UploadOutcome.Refused : upload?.Outcome ?? file.Outcome,
            Status = problem is not null ? UploadStatus.Refused : upload?.ShownStatus ?? UploadStatus.Done,
            Offset = upload?.Offset ?? 0,
            UploadId = file.UploadId,
            UploadUrl = file.UploadId is { } id ? publicUrl.Of($"/v1/uploads/{id}") : null,
            DirectUrl = direct.UrlOf(upload),
            PhotoId = upload?.PhotoId ?? file.PhotoId,
            Problem = problem,
        };
    }

    /// <summary>A file with the same bytes as an earlier file, and therefore the same outcome.</summary>
    private static UploadBatchFileResponse Of(UploadBatchFile file, UploadBatchFileResponse first) => new()
    {
        Index = file.Position,
        Path = file.Path,
        Bytes = file.Bytes,
        Outcome = first.Problem is null ? file.Outcome : UploadOutcome.Refused,
        Status = first.Status,
        Offset = 0,
        UploadId = null,
        UploadUrl = null,
        DirectUrl = null,
        PhotoId = first.PhotoId,
        Problem = first.Problem,
    };

    private static UploadBatchTotalsResponse Totals(List<UploadBatchFileResponse> files) => new()
    {
        FileCount = files.Count,
        Bytes = files.Where(f => f.UploadId is not null).Sum(f => f.Bytes),
        BytesReceived = files.Sum(f => f.Offset),
        OpenCount = files.Count(f => f.Status == UploadStatus.Open),
        FinishingCount = files.Count(f => f.Status == UploadStatus.Finishing),
        DoneCount = files.Count(f => f.Status == UploadStatus.Done),
        RefusedCount = files.Count(f => f.Status == UploadStatus.Refused),
    };
}
