using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Tus;

internal static class HeadUpload
{
    public static void MapHeadUpload(this IEndpointRouteBuilder routes) => routes
        .MapMethods("/uploads/{uploadId}", [HttpMethods.Head], HandleAsync)
        .WithName("HeadUpload")
        .WithTags("Uploads")
        .WithSummary("Get an upload's offset")
        .WithDescription("Returns how many bytes have been received in `Upload-Offset`; continue from there. 422 if the upload was refused; `GetUpload` says why. "
            + "Part of tus 1.0.0.")
        .WithMetadata(
            new NotRateLimited(), TusHeaders.TakesVersion, TusHeaders.Versions,
            new AnswersHeader(200, Tus.Offset, "How many bytes have been received.", IsNumber: true),
            new AnswersHeader(200, Tus.Length, "Length of the file in bytes, if it is known.", IsNumber: true),
            TusHeaders.Expires(200), TusHeaders.Outcome(200), TusHeaders.Photo(200))
        .AddEndpointFilter<TusFilter>()
        .Produces(StatusCodes.Status200OK)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status410Gone)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status507InsufficientStorage)
        .RequireScope(Scopes.PhotosUpload);

    private static async Task<Results<Ok, ProblemHttpResult>> HandleAsync(
        Id<Upload> uploadId, HttpContext http, ProofsheetDb db, UploadFinisher finisher, TimeProvider clock, CancellationToken cancellation)
    {
        var upload = await db.FindUploadAsync(uploadId, cancellation);
        if (upload is null)
        {
            return Problems.NotFound("upload");
        }

        if (Tus.RefuseVersion(http) is { } version)
        {
            return version;
        }

        if (upload.RefuseExpired(clock.GetUtcNow()) is { } expired)
        {
            return expired;
        }

        upload = await finisher.ResumeAsync(upload);
        Tus.Show(http, upload);
        if (upload.Refusal is { } refusal)
        {
            return Problems.Of(refusal.HttpStatus, refusal.Code, refusal.Detail);
        }

        if (upload.Length is { } length)
        {
            http.Response.Headers[Tus.Length] = length.ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            http.Response.Headers[Tus.DeferLength] = "1";
        }

        if (upload.IsPartial || upload.IsFinal)
        {
            http.Response.Headers[Tus.Concat] = upload.IsPartial ? "partial" : "final";
        }

        return TypedResults.Ok();
    }
}
