using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Media.Serving;

internal static class GetOriginal
{
    public static void MapGetOriginal(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/photos/{photoId}/original", HandleAsync)
            .WithName("GetOriginal")
            .WithTags("Photos")
            .WithSummary("Download a photo's original")
            .WithDescription("Returns the file as it was uploaded, byte for byte. For the studio only; clients get what they bought through their downloads. "
                + "Supports Range and If-None-Match.")
            .WithMetadata(new AnswersBinary(SniffedFormat.ContentTypes))
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.PhotosRead);
        routes.MapMethods("/photos/{photoId}/original", [HttpMethods.Head], HandleAsync).ExcludeFromDescription().RequireScope(Scopes.PhotosRead);
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> HandleAsync(
        Id<Photo> photoId, HttpContext http, ProofsheetDb db, IObjectStore store, TenantContext tenant, CancellationToken cancellation)
    {
        var photo = await db.StudioPhotos().AsNoTracking()
            .Select(p => new { p.Id, p.CurrentVersion.FileName, p.CurrentVersion.ContentType, p.CurrentVersion.Sha256, p.CurrentVersion.CreatedAt })
            .SingleOrDefaultAsync(p => p.Id == photoId, cancellation);
        if (photo is null || await ObjectStream.FindAsync(store, PhotoFiles.Original(tenant.Current, photoId), cancellation) is not { } content)
        {
            return Problems.NotFound("photo");
        }

        http.Response.Headers.CacheControl = "private, no-cache";
        // Sent as a download under its own name (encoded by the framework as RFC 6266 and RFC 8187 require), never displayed inline.
        return TypedResults.Stream(content, photo.ContentType, photo.FileName, photo.CreatedAt, new EntityTagHeaderValue($"\"{photo.Sha256}\""), enableRangeProcessing: true);
    }
}
