using Microsoft.EntityFrameworkCore.Query;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Data;

internal static class StatementChanges
{
    /// <summary>As <see cref="SetChanged"/>, for rows without a version.</summary>
    public static UpdateSettersBuilder<T> SetUpdated<T>(this UpdateSettersBuilder<T> set, DateTimeOffset now)
        where T : class, ITimestamped => set.SetProperty(row => row.UpdatedAt, now);

    /// <summary>Sets what SaveChanges sets automatically on a changed row, for an ExecuteUpdate that bypasses it.</summary>
    public static UpdateSettersBuilder<T> SetChanged<T>(this UpdateSettersBuilder<T> set, DateTimeOffset now)
        where T : class, IVersioned => set.SetProperty(row => row.Version, row => row.Version + 1).SetUpdated(now);
}
