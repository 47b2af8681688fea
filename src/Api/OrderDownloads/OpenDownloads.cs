using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Media.Signing;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.OrderDownloads;

/// <summary>What the grants behind a URL currently allow, counted by the database, because an archive may have 70,000.</summary>
/// <param name="Files">The number of grants.</param>
/// <param name="Ended">How many of them have expired.</param>
/// <param name="UsedUp">How many have no downloads left.</param>
internal sealed record GrantsSummary(Id<Tenant> Tenant, int Files, int Ended, int UsedUp);

/// <summary>What all kinds of downloads share: who owns a URL, and when a download counts.</summary>
/// <remarks>
/// A download counts when its first bytes are sent, whichever part of the file they are, and pays for the length of the file: the parts that a download
/// manager requests at the same time, probes, and the rest of an interrupted download belong to it. What is sent beyond that counts as the next
/// download, except for a tolerance of one file's length in all, so a file that may be downloaded n times is sent at most n + 1 times. HEAD and
/// responses without content do not count.
/// </remarks>
internal sealed class OpenDownloads(ProofsheetDb db, TenantContext tenant, MediaSigner signer, TimeProvider clock)
{
    /// <summary>The refusal of a URL that we did not sign, or that has expired.</summary>
    public ProblemHttpResult? Check(HttpRequest request) => signer.Verify(request.Path.Value, request.Query["e"], request.Query["s"], clock.GetUtcNow()) switch
    {
        SignatureCheck.Ok => null,
        SignatureCheck.Expired => Ended(),
        _ => Problems.Forbidden("invalid_signature", "This address was altered or is not complete."),
    };

    /// <summary>What a genuine URL opens; its owner becomes the tenant of this request. Null if there is nothing.</summary>
    /// <param name="which">Grants of a single studio.</param>
    public async Task<GrantsSummary?> FindAsync(Func<IQueryable<DownloadGrant>, IQueryable<DownloadGrant>> which, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var found = await which(db.AcrossTenants<DownloadGrant>()).GroupBy(g => g.TenantId)
            .Select(all => new
            {
                Tenant = all.Key,
                Files = all.Count(),
                Ended = all.Count(g => g.ExpiresAt <= now),
                UsedUp = all.Count(g => g.Downloads >= g.MaxDownloads),
            })
            .SingleOrDefaultAsync(cancellation);
        if (found is null)
        {
            return null;
        }

        tenant.Set(found.Tenant);
        return new(found.Tenant, found.Files, found.Ended, found.UsedUp);
    }

    /// <summary>Null if the part may be sent; its bytes are then recorded as sent. What is not sent after all is given back with <see cref="GiveBackAsync"/>.</summary>
    public async Task<ProblemHttpResult?> OpenAsync(
        HttpRequest request, GrantsSummary grants, TransferredFile file, RequestedPart part, Func<IQueryable<DownloadGrant>, IQueryable<DownloadGrant>> which, CancellationToken cancellation)
    {
        var isOpen = HttpMethods.IsGet(request.Method) && part.Length > 0
            ? await ContinueAsync(file, part.Length, cancellation) || await CountAsync(grants.Files, file, part.Length, which, cancellation)
            : grants.UsedUp == 0 || await db.Set<DownloadTransfer>().AnyAsync(file.IsUnderWay(), cancellation);
        return isOpen ? null : UsedUp();
    }

    /// <summary>Records that the last bytes of an opened part were not sent.</summary>
    public Task GiveBackAsync(TransferredFile file, long bytes) => db.Set<DownloadTransfer>().Where(t => t.About == file.About)
        .ExecuteUpdateAsync(set => set.SetProperty(t => t.SentBytes, t => t.SentBytes - bytes), CancellationToken.None);

    /// <summary>Sends the bytes as a part of what was already counted. False if that does not pay for them.</summary>
    private async Task<bool> ContinueAsync(TransferredFile file, long bytes, CancellationToken cancellation) =>
        await db.Set<DownloadTransfer>().Where(file.PaysFor(bytes)).ExecuteUpdateAsync(set => set.SetProperty(t => t.SentBytes, t => t.SentBytes + bytes), cancellation) == 1;

    /// <summary>Counts a download and sends the bytes as a part of it. False if none is left.</summary>
    private async Task<bool> CountAsync(int files, TransferredFile file, long bytes, Func<IQueryable<DownloadGrant>, IQueryable<DownloadGrant>> which, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var transfer = db.Set<DownloadTransfer>().Where(t => t.About == file.About);
        await db.LockAsync(transfer, cancellation);
        // Of parts that arrive at the same time, the first one counts the download that all of them belong to.
        if (!await ContinueAsync(file, bytes, cancellation))
        {
            if (!await which(db.Set<DownloadGrant>()).TryCountAsync(files, clock.GetUtcNow(), cancellation))
            {
                // Returns without a commit: an archive counts for all of its files or for none.
                return false;
            }

            await transfer.ExecuteUpdateAsync(set => set.SetProperty(t => t.Counted, t => t.Counted + 1).SetProperty(t => t.SentBytes, t => t.SentBytes + bytes), cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return true;
    }

    public static ProblemHttpResult Ended() => Problems.Gone("download_expired", "The time to download has ended. Ask the studio.");

    public static ProblemHttpResult Missing(string fileName) => Problems.Gone("download_missing", $"The file {fileName} is not in the store any more. Ask the studio.");

    private static ProblemHttpResult UsedUp() => Problems.Gone("downloads_used_up", "This has been downloaded as often as it may. Ask the studio.");
}
