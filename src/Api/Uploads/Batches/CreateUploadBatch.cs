using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Uploads.Multipart;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Batches;

internal sealed record CreateUploadBatchRequest
{
    [MinLength(1), MaxLength(UploadBatch.MaxFiles)]
    public required IReadOnlyList<UploadBatchFileRequest> Files { get; init; }

    [RegularExpression(UploadPlaces.GroupPattern, ErrorMessage = UploadPlaces.GroupError)]
    [Description("Batches of the same group are one upload: the gallery has its photos in the order of their file names. Default: each batch by itself.")]
    public string? UploadGroup { get; init; }
}

/// <summary>A file to be uploaded.</summary>
internal sealed record UploadBatchFileRequest
{
    [Required, StringLength(1024), Description("Where you have it; its last part is the photo's file name.")]
    public required string Path { get; init; }

    [Range(0, long.MaxValue)]
    public required long Bytes { get; init; }

    [RegularExpression("^[0-9a-fA-F]{64}$", ErrorMessage = "64 hexadecimal digits.")]
    [Description("The file's SHA-256 in hexadecimal digits. A file that the studio already has does not need to be uploaded.")]
    public string? Sha256 { get; init; }

    [StringLength(200), Description("The section's title; it is made when the gallery has none of it.")]
    public string? Section { get; init; }

    [OneLine, StringLength(300)]
    public string? Title { get; init; }

    [StringLength(2000)]
    public string? Caption { get; init; }
}

internal static class CreateUploadBatch
{
    // Enough for a thousand files, each with the longest possible path and caption.
    private const long MaxBodyBytes = 16 << 20;

    public static void MapCreateUploadBatch(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/upload-batches", HandleAsync)
        .WithName("CreateUploadBatch")
        .WithTags("Uploads")
        .WithSummary("Announce many files")
        .WithDescription("Announces up to 1,000 files. Each is answered separately: accepted with the URL of an upload to send its bytes to (`AppendUpload`), "
            + "accepted with a photo if the studio has those bytes in another gallery, duplicate if this gallery or an earlier file of the batch has them, or "
            + "refused. Sections that do not exist yet are created by title.")
        .WithMetadata(new BodySize(MaxBodyBytes))
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status507InsufficientStorage)
        .RequireScope(Scopes.PhotosUpload);

    private static async Task<Results<Created<UploadBatchResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, CreateUploadBatchRequest request, ProofsheetDb db, NewBatches batches, UploadBatchMapper answers, CancellationToken cancellation)
    {
        if (!await db.Set<Gallery>().AnyAsync(g => g.Id == galleryId, cancellation))
        {
            return Problems.NotFound("gallery");
        }

        var batch = await batches.MakeAsync(galleryId, request, cancellation);

        return TypedResults.Created($"/v1/upload-batches/{batch.Id}", await answers.OneAsync(batch, cancellation));
    }
}
