using Microsoft.EntityFrameworkCore;

namespace Proofsheet.Api.Data;

/// <summary>A row that transactions lock so that they run one after the other.</summary>
internal interface ILockable
{
    /// <summary>Incremented to take the lock; the value has no meaning.</summary>
    long LockVersion { get; }
}

internal static class RowLock
{
    /// <summary>
    /// Waits for these rows and locks them until the open transaction ends. An update is the only lock that all three databases have.
    /// What the context loaded of the rows before may be outdated.
    /// </summary>
    /// <returns>The number of locked rows.</returns>
    public static Task<int> LockAsync<T>(this ProofsheetDb db, IQueryable<T> rows, CancellationToken cancellation)
        where T : class, ILockable => db.Database.CurrentTransaction is null
        ? throw new InvalidOperationException("A lock needs an open transaction.")
        : rows.ExecuteUpdateAsync(set => set.SetProperty(row => row.LockVersion, row => row.LockVersion + 1), cancellation);
}
