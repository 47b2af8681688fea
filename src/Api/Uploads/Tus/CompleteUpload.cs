using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Tus;

internal static class CompleteUpload
{
    public static void MapCompleteUpload(this IEndpointRouteBuilder routes) => routes
        .MapPost("/uploads/{uploadId}/complete", HandleAsync)
        .WithName("CompleteUpload")
        .WithTags("Uploads")
        .WithSummary("Complete a direct upload")
        .WithDescription("Inspects the file in the object store and puts it into its gallery, or says why it was refused. Calling it again returns the same result.")
        .WithMetadata(IdempotencyMode.Repeatable, new NotRateLimited())
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status410Gone)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status423Locked)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .ProducesProblem(StatusCodes.Status507InsufficientStorage)
        .RequireScope(Scopes.PhotosUpload);

    private static async Task<Results<Ok<UploadResponse>, ProblemHttpResult>> HandleAsync(
        Id<Upload> uploadId, HttpContext http, ProofsheetDb db, DirectUploads direct, UploadFinisher finisher, UploadMapper answers, IOptions<PhotoOptions> options, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (await db.FindUploadAsync(uploadId, cancellation) is null)
        {
            return Problems.NotFound("upload");
        }

        await using var held = await UploadLock.TakeAsync(db, uploadId, TimeSpan.FromSeconds(options.Value.UploadLeaseSeconds), clock, cancellation);
        if (held is null)
        {
            return UploadFinding.Locked(http);
        }

        // Read again, now that the lock is held.
        var upload = await db.FindUploadAsync(uploadId, cancellation);
        if (upload is null)
        {
            return Problems.NotFound("upload");
        }

        if (upload.RefuseExpired(clock.GetUtcNow()) is { } expired)
        {
            return expired;
        }

        if (upload.MayGoDirectly && await direct.StoredBytesAsync(upload, cancellation) == upload.Length)
        {
            await CountAsync(upload, held, clock.GetUtcNow().AddHours(options.Value.UploadHours));
        }

        if (upload.Status == UploadStatus.Open && (!upload.IsWhole || upload.IsPartial))
        {
            return Problems.Conflict("upload_not_stored", "The store does not have this file, or not all of it. Send it to the URL that `CreateDirectUpload` answers, then call `CompleteUpload`.");
        }

        try
        {
            if (upload.WaitsToBeFinished)
            {
                await finisher.FinishAsync(upload, held, received: null);
            }
        }
        catch (UploadLockLostException)
        {
            return UploadFinding.Locked(http);
        }

        http.Response.Headers.CacheControl = "no-store";
        return upload.Refusal is { } refusal ? Problems.Of(refusal.HttpStatus, refusal.Code, refusal.Detail) : TypedResults.Ok(await answers.OneAsync(upload, cancellation));
    }

    /// <summary>Records that all bytes are there. From here on the file is ingested even if this process crashes.</summary>
    private static async Task CountAsync(Upload upload, UploadLock held, DateTimeOffset expires)
    {
        var length = upload.Length!.Value;
        if (await held.Held.Where(u => u.Offset == 0 && u.Status == UploadStatus.Open)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.Offset, length).SetProperty(u => u.ExpiresAt, expires), CancellationToken.None) > 0)
        {
            (upload.Offset, upload.ExpiresAt) = (length, expires);
        }
    }
}
