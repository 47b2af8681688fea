using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios;

internal static class AllStudios
{
    /// <summary>All studios, for work that handles one after the other, each in a separate scope.</summary>
    public static async Task<IReadOnlyList<Id<Tenant>>> AllStudiosAsync(this IServiceScopeFactory scopes, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().AcrossTenants<Studio>().Select(s => s.TenantId).ToListAsync(cancellation);
    }
}
