using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Proofsheet.Shared.Database;

/// <summary>
/// Lets one process at a time migrate an SQLite database. EF's own lock is a row that a killed process leaves behind, and for which the next start
/// would wait forever. This one is a lock on a file next to the database, which the operating system ends with the process.
/// </summary>
internal static class SqliteMigrationLock
{
    /// <summary>How long to wait for another process that is migrating.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Takes the lock, which disposing ends, and removes EF's lock if a killed process left it.</summary>
    /// <exception cref="UnusableDatabaseException">Another process did not finish in time.</exception>
    public static async Task<IAsyncDisposable> TakeAsync(DbContext db, CancellationToken cancellation)
    {
        var source = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
        Stream held = source is "" or ":memory:" ? new MemoryStream() : await LockAsync($"{Path.GetFullPath(source)}-migrating", cancellation);
        try
        {
            await RemoveLeftLockAsync(db, cancellation);
            return held;
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    private static async Task<Stream> LockAsync(string file, CancellationToken cancellation)
    {
        var end = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            try
            {
                // Not deleted afterwards: another process may have opened it already, and a third would then lock a new one.
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetUtcNow() < end)
            {
                await Task.Delay(100, cancellation);
            }
            catch (IOException e)
            {
                throw new UnusableDatabaseException($"Another process is migrating the database, or {file} cannot be locked: {e.Message}");
            }
        }
    }

    // Whoever made the row does not hold the file's lock, so that process is gone.
    private static async Task RemoveLeftLockAsync(DbContext db, CancellationToken cancellation)
    {
        await db.Database.OpenConnectionAsync(cancellation);
        try
        {
            await using DbCommand drop = db.Database.GetDbConnection().CreateCommand();
            drop.CommandText = """DROP TABLE IF EXISTS "__EFMigrationsLock";""";
            await drop.ExecuteNonQueryAsync(cancellation);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
