using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Downloads;

internal static class DownloadFile
{
    public static void MapDownloadFile(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/downloads/files/{grantId}", HandleAsync)
            .WithName("GetDownloadFile")
            .WithTags("Downloads")
            .WithSummary("Download a bought file")
            .WithDescription("At the signed address that ListOrderDownloads gives; no credential is needed or read. Takes Range and If-Range. A download counts when its first byte is sent: "
                + "HEAD and the rest of a download that broke off do not count.")
            .WithMetadata(new AnswersBinary("application/octet-stream"), new NotRateLimited())
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status416RangeNotSatisfiable);
        routes.MapMethods("/downloads/files/{grantId}", [HttpMethods.Head], HandleAsync).ExcludeFromDescription().WithMetadata(new NotRateLimited());
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> HandleAsync(
        Id<DownloadGrant> grantId, HttpContext http, OpenDownloads downloads, IObjectStore store, CancellationToken cancellation)
    {
        if (downloads.Check(http.Request) is { } refusal)
        {
            return refusal;
        }

        var grants = await downloads.FindAsync(all => all.Where(g => g.Id == grantId), cancellation);
        if (grants.Count == 0)
        {
            return Problems.NotFound("download");
        }

        var grant = grants[0];
        var etag = new EntityTagHeaderValue($"\"{grant.Sha256}\"");
        if (await downloads.OpenAsync(http.Request, grants, etag, grant.Bytes, cancellation) is { } closed)
        {
            return closed;
        }

        // Not kept on the way: what a cache sends is not counted.
        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Stream(
            new ObjectStream(store, ObjectKey.Parse(grant.ObjectKey), grant.Bytes), grant.ContentType, grant.FileName, grant.CreatedAt, etag, enableRangeProcessing: true);
    }
}
