using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.OrderDownloads;

internal static class GetDownloadZip
{
    public static void MapGetDownloadZip(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/downloads/orders/{orderId}.zip", HandleAsync)
            .WithName("GetDownloadZip")
            .WithTags("Downloads")
            .WithSummary("Download all files of an order as one archive")
            .WithDescription("Use the signed URL from `ListOrderDownloads`. Returns an uncompressed ZIP that is made while it is sent, with a known length. Range "
                + "and If-Range resume it byte for byte. It counts as one download of each file, when the first part of it is sent.")
            .WithMetadata(new AnswersBinary("application/zip"), new NotRateLimited())
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone);
        routes.MapMethods("/downloads/orders/{orderId}.zip", [HttpMethods.Head], HandleAsync).ExcludeFromDescription().WithMetadata(new NotRateLimited());
    }

    private static async Task<Results<FileAnswer, ProblemHttpResult>> HandleAsync(
        Id<Order> orderId, HttpContext http, ProofsheetDb db, OpenDownloads downloads, ArchiveCache cache, ArchiveFiles files, CancellationToken cancellation)
    {
        if (downloads.Check(http.Request) is { } refusal)
        {
            return refusal;
        }

        var summary = await downloads.FindAsync(Which, cancellation);
        if (summary is null)
        {
            return Problems.NotFound("download");
        }

        if (summary.Ended > 0)
        {
            return OpenDownloads.Ended();
        }

        // Grants are only added, and only their download count changes, so their number identifies the list.
        var archive = (await cache.GetAsync(
            FormattableString.Invariant($"{orderId}:{summary.Files}"),
            async () => Of(await Which(db.Set<DownloadGrant>()).AsNoTracking().OrderBy(g => g.Id).ToListAsync(cancellation)),
            a => a.MemoryBytes))!;
        var part = RequestedPart.Of(http.Request, archive.ETag, archive.ModifiedAt, archive.Layout.Length);
        if (await files.FindMissingAsync(archive, part, cancellation) is { } missing)
        {
            return OpenDownloads.Missing(archive.PathOf(missing));
        }

        var transfer = new TransferredFile(orderId.ToString(), archive.Layout.Length);
        if (await downloads.OpenAsync(http.Request, summary, transfer, part, Which, cancellation) is { } closed)
        {
            return closed;
        }

        return files.Answer(archive, part, await NameAsync(db, orderId, cancellation), unsent => downloads.GiveBackAsync(transfer, unsent));

        IQueryable<DownloadGrant> Which(IQueryable<DownloadGrant> all) => all.Where(g => g.OrderId == orderId);
    }

    /// <summary>Of the gallery and the order: people keep the archives of several.</summary>
    private static async Task<string> NameAsync(ProofsheetDb db, Id<Order> orderId, CancellationToken cancellation)
    {
        var order = await db.Set<Order>().Where(o => o.Id == orderId)
            .Select(o => new { o.Number, Gallery = db.Set<Gallery>().Where(g => g.Id == o.GalleryId).Select(g => g.Slug).FirstOrDefault() })
            .SingleAsync(cancellation);
        // A deleted gallery is not found, and its orders stay.
        return $"{order.Gallery ?? "order"}-{order.Number}.zip";
    }

    private static Archive? Of(IReadOnlyList<DownloadGrant> grants)
    {
        var names = FileNames.Distinct(grants.Select(g => g.FileName));
        return new Archive([.. grants.Select((g, i) => new ArchiveFile(names[i], ObjectKey.Parse(g.ObjectKey), g.Bytes, (uint)g.Crc32, g.CreatedAt))]);
    }
}
