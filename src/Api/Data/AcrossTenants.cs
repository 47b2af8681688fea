using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Kernel;

namespace Proofsheet.Api.Data;

/// <summary>
/// The one place that looks past the tenant filter: to find the tenant of a credential, and for the platform's own
/// lists. What is read this way is not tracked, so it cannot be saved by accident.
/// </summary>
internal static class AcrossTenantsExtensions
{
    public static IQueryable<T> AcrossTenants<T>(this ProofsheetDb db)
        where T : class, ITenantOwned
    {
#pragma warning disable RS0030 // The ban names this file as the exception.
        return db.Set<T>().AsNoTracking().IgnoreQueryFilters([ProofsheetDb.TenantFilter]);
#pragma warning restore RS0030
    }
}
