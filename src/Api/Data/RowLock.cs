using Microsoft.EntityFrameworkCore;

namespace Proofsheet.Api.Data;

/// <summary>A row by which transactions take turns.</summary>
internal interface ILockable
{
    /// <summary>Incremented to take the lock; the value means nothing.</summary>
    long LockVersion { get; }
}

internal static class RowLock
{
    /// <summary>
    /// Waits for these rows and holds them until the open transaction ends: an update is the one lock that all three databases have.
    /// What the context knows of them from before may be old.
    /// </summary>
    /// <returns>How many there are.</returns>
    public static Task<int> LockAsync<T>(this ProofsheetDb db, IQueryable<T> rows, CancellationToken cancellation)
        where T : class, ILockable => db.Database.CurrentTransaction is null
        ? throw new InvalidOperationException("A lock needs an open transaction.")
        : rows.ExecuteUpdateAsync(set => set.SetProperty(row => row.LockVersion, row => row.LockVersion + 1), cancellation);
}
