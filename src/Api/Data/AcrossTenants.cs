using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Data;

/// <summary>
/// The only place that bypasses query filters. The tenant filter: to find the tenant of a credential, and for the platform's
/// own lists; rows that are read this way are not tracked, so they cannot be saved by accident. A module's filter of
/// deleted rows: to restore or purge them, always within the tenant.
/// </summary>
internal static class AcrossTenantsExtensions
{
    /// <summary>A comment in the SQL of queries across tenants, by which an interceptor recognizes them.</summary>
    public const string Tag = "across tenants";

    public static IQueryable<T> AcrossTenants<T>(this ProofsheetDb db)
        where T : class, ITenantOwned
    {
#pragma warning disable RS0030 // The ban names this file as the exception.
        return db.Set<T>().AsNoTracking().IgnoreQueryFilters([ProofsheetDb.TenantFilter]).TagWith(Tag);
#pragma warning restore RS0030
    }

    /// <summary>Includes rows that a module's own filter hides; the tenant filter still applies.</summary>
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
