using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Photos.Progress;

/// <summary>The processing progress of a gallery's photos.</summary>
internal sealed record GalleryProgressResponse
{
    public required int PhotoCount { get; init; }

    public required int UploadingCount { get; init; }

    public required int ProcessingCount { get; init; }

    public required int ReadyCount { get; init; }

    public required int FailedCount { get; init; }

    /// <summary>The latest failures, 100 at most.</summary>
    public required IReadOnlyList<GalleryFailureResponse> Failures { get; init; }
}

internal sealed record GalleryFailureResponse
{
    public required Id<Photo> PhotoId { get; init; }

    public required string FileName { get; init; }

    public required string Code { get; init; }

    /// <summary>An explanation for the photographer, in one sentence.</summary>
    public required string Detail { get; init; }
}

internal static class GetGalleryProgress
{
    private const int MaxFailures = 100;

    public static void MapGetGalleryProgress(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}/progress", HandleAsync)
        .WithName("GetGalleryProgress")
        .WithTags("Photos")
        .WithSummary("Get the progress of a gallery's photos")
        .WithDescription("For polling. `WatchGallery` reports the same as it happens.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.PhotosRead, Scopes.PhotosUpload);

    private static async Task<Results<Ok<GalleryProgressResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, ProofsheetDb db, CancellationToken cancellation)
    {
        if (!await db.Set<Gallery>().AnyAsync(g => g.Id == galleryId, cancellation))
        {
            return Problems.NotFound("gallery");
        }

        return TypedResults.Ok(await ReadAsync(db, galleryId, cancellation));
    }

    public static async Task<GalleryProgressResponse> ReadAsync(ProofsheetDb db, Id<Gallery> galleryId, CancellationToken cancellation)
    {
        var photos = db.Set<Photo>().AsNoTracking().Where(p => p.GalleryId == galleryId && p.DeletedAt == null);
        var counts = await photos.GroupBy(p => p.Status).Select(g => new { Status = g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Status, g => g.Count, cancellation);
        var failed = counts.GetValueOrDefault(PhotoStatus.Failed);
        var failures = failed == 0 ? [] : await photos.Where(p => p.Status == PhotoStatus.Failed)
            .OrderByDescending(p => p.StatusChangedAt).ThenBy(p => p.Id).Take(MaxFailures)
            .Select(p => new GalleryFailureResponse { PhotoId = p.Id, FileName = p.CurrentVersion.FileName, Code = p.FailureCode!, Detail = p.FailureDetail! })
            .ToListAsync(cancellation);
        return new GalleryProgressResponse
        {
            PhotoCount = counts.Values.Sum(),
            UploadingCount = counts.GetValueOrDefault(PhotoStatus.Uploading),
            ProcessingCount = counts.GetValueOrDefault(PhotoStatus.Processing),
            ReadyCount = counts.GetValueOrDefault(PhotoStatus.Ready),
            FailedCount = failed,
            Failures = failures,
        };
    }
}
