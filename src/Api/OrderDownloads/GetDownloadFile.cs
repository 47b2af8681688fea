using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.OrderDownloads;

internal static class GetDownloadFile
{
    public static void MapGetDownloadFile(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/downloads/files/{grantId}", HandleAsync)
            .WithName("GetDownloadFile")
            .WithTags("Downloads")
            .WithSummary("Download a bought file")
            .WithDescription("Use the signed URL from `ListOrderDownloads`; no credential is needed or read. Supports Range and If-Range. A download counts when its "
                + "first bytes are sent, whichever part they are. Further parts, in any order and at the same time, belong to it until the length of the file "
                + "was sent; the rest of an interrupted download does, too. HEAD does not count. Where the object store serves files itself, the response is a "
                + "redirect to it, which counts as a download.")
            .WithMetadata(new AnswersBinary(SniffedFormat.ContentTypes) { MayBeElsewhere = true }, new NotRateLimited())
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone);
        routes.MapMethods("/downloads/files/{grantId}", [HttpMethods.Head], HandleAsync).ExcludeFromDescription().WithMetadata(new NotRateLimited());
    }

    private static async Task<Results<FileAnswer, ProblemHttpResult>> HandleAsync(
        Id<DownloadGrant> grantId, HttpContext http, ProofsheetDb db, OpenDownloads downloads, StoredFiles files, CancellationToken cancellation)
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

        var grant = await Which(db.Set<DownloadGrant>()).AsNoTracking().SingleAsync(cancellation);
        var file = new StoredFile(ObjectKey.Parse(grant.ObjectKey), grant.Bytes, new EntityTagHeaderValue($"\"{grant.Sha256}\""), grant.CreatedAt);
        var part = RequestedPart.Of(http.Request, file.ETag, file.ModifiedAt, file.Bytes);
        if (!await files.IsThereAsync(file, cancellation))
        {
            return OpenDownloads.Missing(grant.FileName);
        }

        var transfer = new TransferredFile(grant.Id.ToString(), file.Bytes);
        if (await downloads.OpenAsync(http.Request, summary, transfer, part, Which, cancellation) is { } closed)
        {
            return closed;
        }

        return files.Answer(http.Request, file, part, grant.ContentType, grant.FileName, unsent => downloads.GiveBackAsync(transfer, unsent));

        IQueryable<DownloadGrant> Which(IQueryable<DownloadGrant> all) => all.Where(g => g.Id == grantId);
    }
}
