using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Tus;

internal static class GetUpload
{
    public static void MapGetUpload(this IEndpointRouteBuilder routes) => routes
        .MapGet("/uploads/{uploadId}", HandleAsync)
        .WithName("GetUpload")
        .WithTags("Uploads")
        .WithSummary("Get an upload")
        .WithDescription("Returns the progress of an upload and its result: its photo, or why it was refused. Available until the upload expires.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status410Gone)
        .WithMetadata(new NotRateLimited())
        .RequireScope(Scopes.PhotosUpload);

    private static async Task<Results<Ok<UploadResponse>, ProblemHttpResult>> HandleAsync(
        Id<Upload> uploadId, HttpContext http, ProofsheetDb db, UploadFinisher finisher, UploadMapper answers, TimeProvider clock, CancellationToken cancellation)
    {
        var upload = await db.FindUploadAsync(uploadId, cancellation);
        if (upload is null)
        {
            return Problems.NotFound("upload");
        }

        if (upload.RefuseExpired(clock.GetUtcNow()) is { } expired)
        {
            return expired;
        }

        try
        {
            upload = await finisher.ResumeAsync(upload);
        }
        catch (StoreFullException)
        {
            // The upload stays in status finishing.
        }

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await answers.OneAsync(upload, cancellation));
    }
}
