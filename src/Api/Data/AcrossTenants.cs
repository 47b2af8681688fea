using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Data;

/// <summary>
/// The one place that looks past filters. Past the tenant's: to find the tenant of a credential, and for the platform's
/// own lists; what is read this way is not tracked, so it cannot be saved by accident. Past a module's own filter of
/// deleted rows: to restore or to purge them, always inside the tenant.
/// </summary>
internal static class AcrossTenantsExtensions
{
    /// <summary>A comment in the SQL of what is asked across tenants, by which an interceptor knows it.</summary>
    public const string Tag = "across tenants";

    public static IQueryable<T> AcrossTenants<T>(this ProofsheetDb db)
        where T : class, ITenantOwned
    {
#pragma warning disable RS0030 // The ban names this file as the exception.
        return db.Set<T>().AsNoTracking().IgnoreQueryFilters([ProofsheetDb.TenantFilter]).TagWith(Tag);
#pragma warning restore RS0030
    }

    /// <summary>Also the rows that a module's own filter hides; the tenant's filter stays.</summary>
    public static IQueryable<T> Past<T>(this ProofsheetDb db, string moduleFilter)
        where T : class, ITenantOwned
    {
        if (moduleFilter == ProofsheetDb.TenantFilter)
        {
            throw new ArgumentException("Tenants are crossed by AcrossTenants.", nameof(moduleFilter));
        }

#pragma warning disable RS0030 // The ban names this file as the exception.
        return db.Set<T>().IgnoreQueryFilters([moduleFilter]);
#pragma warning restore RS0030
    }
}
