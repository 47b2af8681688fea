using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Uploads.Multipart;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Tus;

internal static class AppendUpload
{
    public static void MapAppendUpload(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/uploads/{uploadId}", HandleAsync)
        .WithName("AppendUpload")
        .WithTags("Uploads")
        .WithSummary("Send bytes of an upload")
        .WithDescription("Sends the next bytes, as many as the client likes. Bytes that were received are kept even if the connection breaks, unless a checksum is "
            + "sent. The request that brings the last bytes puts the file into the gallery: `Proofsheet-Upload-Outcome` and `Proofsheet-Photo` report the result, or "
            + "a problem says why it was refused. Repeating it with the final offset and an empty body returns the same result. Part of tus 1.0.0.")
        .WithMetadata(
            new NotRateLimited(), new BodySize(null), new TakesBytes(Tus.ContentType), TusHeaders.TakesVersion, TusHeaders.Versions,
            new TakesHeader(Tus.Offset, "Where these bytes begin; must equal the upload's offset.", IsRequired: true, IsNumber: true),
            new TakesHeader(Tus.Length, "Length of the file in bytes, sent once if the upload was created without it.", IsNumber: true),
            TusHeaders.TakesChecksum,
            new AnswersHeader(204, Tus.Offset, "How many bytes have been received; fewer than were sent if the server is shutting down.", IsNumber: true),
            TusHeaders.Expires(204), TusHeaders.Outcome(204), TusHeaders.Photo(204))
        .AddEndpointFilter<TusFilter>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status410Gone)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status423Locked)
        .ProducesProblem(460)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .ProducesProblem(StatusCodes.Status507InsufficientStorage)
        .RequireScope(Scopes.PhotosUpload);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<Upload> uploadId, HttpContext http, ProofsheetDb db, UploadWriter writer, UploadFinisher finisher, IOptions<PhotoOptions> options, TimeProvider clock, CancellationToken cancellation)
    {
        var found = await db.FindUploadAsync(uploadId, cancellation);
        if (found is null)
        {
            return Problems.NotFound("upload");
        }

        if (Tus.RefuseVersion(http) is { } version)
        {
            return version;
        }

        if (!Tus.HasBytes(http.Request))
        {
            return Problems.UnsupportedMedia($"Send the bytes as `{Tus.ContentType}`.");
        }

        var offset = Tus.Number(http.Request, Tus.Offset) ?? throw Tus.Malformed($"Say with {Tus.Offset} where the bytes begin.");
        var digest = UploadDigest.Of(http.Request);
        if (found.RefuseExpired(clock.GetUtcNow()) is { } expired)
        {
            return expired;
        }

        if (found.IsFinal)
        {
            return Problems.Forbidden("upload_is_final", "This upload is made from partial uploads and accepts no bytes of its own.");
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

        if (upload.Offset != offset)
        {
            Tus.Show(http, upload);
            return Problems.Conflict("upload_offset_conflict", $"The upload is at {upload.Offset}, not at {offset}. Continue from there.");
        }

        if (upload.Refusal is null && await SetLengthAsync(upload, held, http.Request, options.Value) is { } wrong)
        {
            return wrong;
        }

        return await WriteAsync(upload, held, http, digest, writer, finisher) is { } refused ? refused : TypedResults.NoContent();
    }

    /// <summary>Appends the body to the upload and, once the upload is complete, ingests the file.</summary>
    public static async Task<ProblemHttpResult?> WriteAsync(
        Upload upload, UploadLock held, HttpContext http, UploadDigest? digest, UploadWriter writer, UploadFinisher finisher)
    {
        try
        {
            if (upload.Status == UploadStatus.Open && await writer.AppendAsync(upload, held, http.Request, digest) is { } refused)
            {
                return refused;
            }

            if (upload.WaitsToBeFinished)
            {
                await finisher.FinishAsync(upload, held, writer.Copy);
            }
        }
        catch (UploadLockLostException)
        {
            return UploadFinding.Locked(http);
        }

        Tus.Show(http, upload);
        return upload.Refusal is { } refusal ? Problems.Of(refusal.HttpStatus, refusal.Code, refusal.Detail) : null;
    }

    private static async Task<ProblemHttpResult?> SetLengthAsync(Upload upload, UploadLock held, HttpRequest request, PhotoOptions options)
    {
        if (Tus.Number(request, Tus.Length) is not { } length || length == upload.Length)
        {
            return null;
        }

        if (upload.Length is not null || length < upload.Offset)
        {
            return Problems.Conflict("upload_length_conflict", "The length of this upload is already known, or more bytes than that have arrived.");
        }

        if (length > options.MaxFileBytes)
        {
            return Problems.TooLarge("file_too_large", FormattableString.Invariant($"A file has at most {options.MaxFileBytes / 1_048_576.0:0.#} MB."));
        }

        await held.Held.ExecuteUpdateAsync(set => set.SetProperty(u => u.Length, length), CancellationToken.None);
        upload.Length = length;
        return null;
    }
}
