using Microsoft.EntityFrameworkCore.Query;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Data;

internal static class StatementChanges
{
    /// <summary>What a save does by itself to a row that it changes, for an ExecuteUpdate that changes rows without it.</summary>
    public static UpdateSettersBuilder<T> SetChanged<T>(this UpdateSettersBuilder<T> set, DateTimeOffset now)
        where T : class, IVersioned => set.SetProperty(row => row.Version, row => row.Version + 1).SetProperty(row => row.UpdatedAt, now);
}
