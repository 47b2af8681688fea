using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Tus;

internal sealed record CreateDirectUploadRequest
{
    [RegularExpression("^[A-Za-z0-9+/]{21}[AQgw]==$", ErrorMessage = "16 bytes in Base64.")]
    [Description("The MD5 of the file in Base64, as in Content-MD5. If it is given, the object store refuses any other body.")]
    public string? Md5 { get; init; }
}

/// <summary>A URL of the object store that takes this file, as often as it is sent until the URL expires. Anyone who has the URL can use it: keep it secret.</summary>
internal sealed record DirectUploadResponse
{
    /// <summary>Takes one PUT of the whole file, without any credential of this API.</summary>
    public required string Url { get; init; }

    /// <summary>Send all of these headers. Content-Length is the file's length, which browsers set themselves.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The PUT must start before this time.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

internal static class CreateDirectUpload
{
    public static void MapCreateDirectUpload(this IEndpointRouteBuilder routes) => routes
        .MapPost("/uploads/{uploadId}/direct", HandleAsync)
        .WithName("CreateDirectUpload")
        .WithTags("Uploads")
        .WithSummary("Create a URL for a direct upload")
        .WithDescription("Where the object store takes files itself (`directUrl` of the upload), returns a URL for a PUT of the whole file, which needs no "
            + "credential of this API. `CompleteUpload` then puts the file into the gallery. An upload that already has bytes at the API has to be continued at the "
            + "API.")
        .WithMetadata(IdempotencyMode.Repeatable, new NotRateLimited())
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status410Gone)
        .RequireScope(Scopes.PhotosUpload);

    private static async Task<Results<Ok<DirectUploadResponse>, ProblemHttpResult>> HandleAsync(
        Id<Upload> uploadId, CreateDirectUploadRequest request, HttpContext http, ProofsheetDb db, DirectUploads direct, TimeProvider clock, CancellationToken cancellation)
    {
        var upload = await db.FindUploadAsync(uploadId, cancellation);
        if (upload is null)
        {
            return Problems.NotFound("upload");
        }

        var now = clock.GetUtcNow();
        if (upload.RefuseExpired(now) is { } expired)
        {
            return expired;
        }

        if (!upload.MayGoDirectly || direct.Presign(upload, Convert.FromBase64String(request.Md5 ?? "")) is not { } put)
        {
            return Problems.Conflict("direct_upload_unavailable", "This upload takes its bytes here: they cannot be sent to the store, or have begun to come.");
        }

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new DirectUploadResponse { Url = put.Address.AbsoluteUri, Headers = put.Headers, ExpiresAt = now + DirectUploads.Lifetime });
    }
}
