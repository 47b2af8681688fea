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
/// <param name="Unbegun">How many were never downloaded.</param>
internal sealed record GrantsSummary(Id<Tenant> Tenant, int Files, int Ended, int UsedUp, int Unbegun);

/// <summary>What all kinds of downloads share: who owns a URL, and when a download counts.</summary>
/// <remarks>
/// A download counts when its first byte is sent: a GET of the whole file, or of a range from 0. HEAD, a response without content
/// and the later parts of an interrupted download do not count, so a resumed download is one download.
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
                Unbegun = all.Count(g => g.Downloads == 0),
            })
            .SingleOrDefaultAsync(cancellation);
        if (found is null)
        {
            return null;
        }

        tenant.Set(found.Tenant);
        return new(found.Tenant, found.Files, found.Ended, found.UsedUp, found.Unbegun);
    }

    /// <summary>Null if the part may be sent; if it starts at the beginning, it has been counted.</summary>
    public async Task<ProblemHttpResult?> OpenAsync(
        HttpRequest request, GrantsSummary grants, RequestedPart part, Func<IQueryable<DownloadGrant>, IQueryable<DownloadGrant>> which, CancellationToken cancellation)
    {
        if (!part.IsBeginning && part.Status is not StatusCodes.Status304NotModified)
        {
            // The rest of a download that was already counted.
            return grants.Unbegun == 0 ? null : UsedUp();
        }

        if (!HttpMethods.IsGet(request.Method) || !part.IsBeginning)
        {
            return grants.UsedUp == 0 ? null : UsedUp();
        }

        return await CountAsync(grants.Files, which, cancellation) ? null : UsedUp();
    }

    private async Task<bool> CountAsync(int files, Func<IQueryable<DownloadGrant>, IQueryable<DownloadGrant>> which, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (!await which(db.Set<DownloadGrant>()).TryCountAsync(files, clock.GetUtcNow(), cancellation))
        {
            // Returns without a commit: an archive counts for all of its files or for none.
            return false;
        }

        await transaction.CommitAsync(cancellation);
        return true;
    }

    public static ProblemHttpResult Ended() => Problems.Gone("download_expired", "The time to download has ended. Ask the studio.");

    public static ProblemHttpResult Missing(string fileName) => Problems.Gone("download_missing", $"The file {fileName} is not in the store any more. Ask the studio.");

    private static ProblemHttpResult UsedUp() => Problems.Gone("downloads_used_up", "This has been downloaded as often as it may. Ask the studio.");
}
