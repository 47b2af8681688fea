using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Batches;

internal static class GetUploadBatch
{
    public static void MapGetUploadBatch(this IEndpointRouteBuilder routes) => routes
        .MapGet("/upload-batches/{batchId}", HandleAsync)
        .WithName("GetUploadBatch")
        .WithTags("Uploads")
        .WithSummary("Get the progress of a batch")
        .WithDescription("Returns each file with its offset and status, and the totals. Use it to show progress and to resume after a restart.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.PhotosUpload);

    private static async Task<Results<Ok<UploadBatchResponse>, ProblemHttpResult>> HandleAsync(
        Id<UploadBatch> batchId, ProofsheetDb db, UploadBatchMapper answers, CancellationToken cancellation)
    {
        var batch = await db.Set<UploadBatch>().AsNoTracking().Include(b => b.Files)
            .SingleOrDefaultAsync(b => b.Id == batchId && db.Set<Gallery>().Any(g => g.Id == b.GalleryId), cancellation);
        return batch is null ? Problems.NotFound("upload batch") : TypedResults.Ok(await answers.OneAsync(batch, cancellation));
    }
}
