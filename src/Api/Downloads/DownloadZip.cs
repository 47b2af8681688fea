using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Proofsheet.Api.Downloads.StoredZip;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Downloads;

internal static class DownloadZip
{
    public static void MapDownloadZip(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/downloads/orders/{orderId}.zip", HandleAsync)
            .WithName("GetDownloadZip")
            .WithTags("Downloads")
            .WithSummary("Download all files of an order as one archive")
            .WithDescription("At the signed address that ListOrderDownloads gives. An uncompressed ZIP, made while it is sent, with its length known beforehand; Range and If-Range resume it byte for byte. "
                + "It counts as one download of each file.")
            .WithMetadata(new AnswersBinary("application/zip"), new NotRateLimited())
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status416RangeNotSatisfiable);
        routes.MapMethods("/downloads/orders/{orderId}.zip", [HttpMethods.Head], HandleAsync).ExcludeFromDescription().WithMetadata(new NotRateLimited());
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> HandleAsync(
        Id<Order> orderId, HttpContext http, OpenDownloads downloads, IObjectStore store, CancellationToken cancellation)
    {
        if (downloads.Check(http.Request) is { } refusal)
        {
            return refusal;
        }

        var grants = await downloads.FindAsync(all => all.Where(g => g.OrderId == orderId), cancellation);
        if (grants.Count == 0)
        {
            return Problems.NotFound("download");
        }

        var names = FileNames.Distinct(grants.Select(g => g.FileName));
        var layout = new ZipLayout([.. grants.Select((g, i) => new ZipEntry(names[i], g.Bytes, (uint)g.Crc32, g.CreatedAt))]);
        var etag = ETagOf(grants, names);
        if (await downloads.OpenAsync(http.Request, grants, etag, layout.Length, cancellation) is { } closed)
        {
            return closed;
        }

        http.Response.Headers.CacheControl = "private, no-store";
        var content = new ZipStream(layout, async (entry, offset, ct) =>
        {
            var grant = grants[entry];
            var reader = await store.OpenAsync(ObjectKey.Parse(grant.ObjectKey), offset, grant.Bytes - offset, ct);
            return reader?.Content ?? throw new IOException("A file of the archive went away while it was sent.");
        });
        return TypedResults.Stream(content, "application/zip", "photos.zip", grants.Max(g => g.CreatedAt), etag, enableRangeProcessing: true);
    }

    /// <summary>The same bytes, the same tag: all that the archive is made of goes in.</summary>
    private static EntityTagHeaderValue ETagOf(IReadOnlyList<DownloadGrant> grants, IReadOnlyList<string> names)
    {
        var parts = grants.Select((g, i) => FormattableString.Invariant($"{names[i]}\n{g.Sha256}\n{g.Bytes}\n{g.CreatedAt.ToUnixTimeSeconds()}\n"));
        return new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(parts)))[..16])}\"");
    }
}
