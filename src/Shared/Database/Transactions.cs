using Microsoft.EntityFrameworkCore;

namespace Proofsheet.Shared.Database;

internal static class Transactions
{
    /// <summary>Runs the work in the open transaction (an idempotent request has one), or in a new one.</summary>
    public static async Task<T> InTransactionAsync<T>(this DbContext db, Func<Task<T>> work, CancellationToken cancellation)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            return await work();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var result = await work();
        await transaction.CommitAsync(cancellation);
        return result;
    }

    /// <summary>Saves the row; false when its key is already taken. Either way the context no longer tracks the row.</summary>
    public static async Task<bool> TryAddAsync(this DbContext db, object row, CancellationToken cancellation)
    {
        db.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellation);
            return true;
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return false;
        }
        finally
        {
            db.Entry(row).State = EntityState.Detached;
        }
    }

    /// <summary>Whether a save failed because a unique index already had the value, in any of the three databases.</summary>
    public static bool IsUniqueViolation(this DbUpdateException e) => e.InnerException switch
    {
        Microsoft.Data.Sqlite.SqliteException sqlite => sqlite.SqliteExtendedErrorCode is 2067 or 1555,
        Npgsql.PostgresException postgres => postgres.SqlState == Npgsql.PostgresErrorCodes.UniqueViolation,
        Microsoft.Data.SqlClient.SqlException sqlServer => sqlServer.Number is 2601 or 2627,
        _ => false,
    };

    /// <summary>Whether a save failed because another row refers to a deleted one, or because a referenced row does not exist.</summary>
    public static bool IsForeignKeyViolation(this DbUpdateException e) => e.InnerException switch
    {
        Microsoft.Data.Sqlite.SqliteException sqlite => sqlite.SqliteExtendedErrorCode is 787 or 1811, // RESTRICT reports the error code of a trigger.
        Npgsql.PostgresException postgres => postgres.SqlState is Npgsql.PostgresErrorCodes.ForeignKeyViolation or Npgsql.PostgresErrorCodes.RestrictViolation,
        Microsoft.Data.SqlClient.SqlException sqlServer => sqlServer.Number == 547,
        _ => false,
    };
}
