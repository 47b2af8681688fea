using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Proofsheet.Api.Data;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Downloads;

/// <summary>What the two kinds of downloads share: whose link it is, and when a download counts.</summary>
/// <remarks>
/// A download counts when its first byte is sent: a GET of the whole, or of a range from 0. HEAD, an answer without content
/// and the later parts of a download that broke off do not count, so a resumed download is one download.
/// </remarks>
internal sealed class OpenDownloads(ProofsheetDb db, TenantContext tenant, MediaSigner signer, IObjectStore store, TimeProvider clock)
{
    /// <summary>The refusal of an address that we did not sign, or whose time is over.</summary>
    public ProblemHttpResult? Check(HttpRequest request) => signer.Verify(request.Path.Value, request.Query["e"], request.Query["s"], clock.GetUtcNow()) switch
    {
        SignatureCheck.Ok => null,
        SignatureCheck.Expired => Ended(),
        _ => Problems.Forbidden("invalid_signature", "This address was altered or is not complete."),
    };

    /// <summary>The grants of a genuine address, in the order of the archive; their owner becomes the tenant of this request.</summary>
    public async Task<IReadOnlyList<DownloadGrant>> FindAsync(Func<IQueryable<DownloadGrant>, IQueryable<DownloadGrant>> which, CancellationToken cancellation)
    {
        var grants = await which(db.AcrossTenants<DownloadGrant>()).OrderBy(g => g.Id).ToListAsync(cancellation);
        if (grants.Count > 0)
        {
            tenant.Set(grants[0].TenantId);
        }

        return grants;
    }

    /// <summary>Refuses before the first byte what could not be sent to its end, and counts what is sent from its beginning.</summary>
    public async Task<ProblemHttpResult?> OpenAsync(HttpRequest request, IReadOnlyList<DownloadGrant> grants, EntityTagHeaderValue etag, long length, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (grants.Any(g => g.ExpiresAt <= now))
        {
            return Ended();
        }

        foreach (var grant in grants)
        {
            if (await store.StatAsync(ObjectKey.Parse(grant.ObjectKey), cancellation) is not { } stat || stat.Length != grant.Bytes)
            {
                return Problems.Gone("download_missing", $"The file {grant.FileName} is not in the store any more. Ask the studio.");
            }
        }

        if (!BeginsAtZero(request, etag, length))
        {
            // The rest of a download that was begun.
            return grants.All(g => g.Downloads > 0) ? null : UsedUp();
        }

        if (!HttpMethods.IsGet(request.Method) || IsUnchanged(request, etag))
        {
            return grants.All(g => g.Left > 0) ? null : UsedUp();
        }

        return await CountAsync(grants, now, cancellation) ? null : UsedUp();
    }

    private async Task<bool> CountAsync(IReadOnlyList<DownloadGrant> grants, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (!await db.Set<DownloadGrant>().TryCountAsync([.. grants.Select(g => g.Id)], now, cancellation))
        {
            // Left without a commit: an archive counts for all of its files or for none.
            return false;
        }

        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Whether the answer has the first byte. As the framework answers it: one range is served, several are the whole.</summary>
    internal static bool BeginsAtZero(HttpRequest request, EntityTagHeaderValue etag, long length)
    {
        var headers = request.GetTypedHeaders();
        if (headers.Range is not { Ranges.Count: 1 } range || !range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (headers.IfRange is { } condition && !(condition.EntityTag?.Compare(etag, useStrongComparison: true) ?? false))
        {
            return true;
        }

        var asked = range.Ranges.Single();
        return asked.From is { } from ? from == 0 : asked.To >= length;
    }

    private static bool IsUnchanged(HttpRequest request, EntityTagHeaderValue etag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(t => t == EntityTagHeaderValue.Any || t.Compare(etag, useStrongComparison: false));

    private static ProblemHttpResult Ended() => Problems.Gone("download_expired", "The time to download has ended. Ask the studio.");

    private static ProblemHttpResult UsedUp() => Problems.Gone("downloads_used_up", "This has been downloaded as often as it may. Ask the studio.");
}
