using System.Net.Sockets;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Proofsheet.Shared.Database;

/// <summary>Why the database did not do what it was asked, where the same request may succeed later.</summary>
internal enum DatabaseFault
{
    /// <summary>A wait ran out: for a connection of the pool, for a lock, or for the statement's result; or a deadlock was broken.</summary>
    Busy,

    /// <summary>There is no connection.</summary>
    Unavailable,
}

internal static class DatabaseFaults
{
    /// <summary>The fault of this exception or of one that it wraps; null if it is none of these.</summary>
    public static DatabaseFault? Of(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (OfOne(exception) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static DatabaseFault? OfOne(Exception exception) => exception switch
    {
        PostgresException e => OfPostgres(e.SqlState),
        // The pool is exhausted, or the server does not answer in time.
        NpgsqlException { InnerException: TimeoutException } => DatabaseFault.Busy,
        NpgsqlException { InnerException: SocketException or IOException } => DatabaseFault.Unavailable,
        // SQLITE_BUSY and SQLITE_LOCKED.
        SqliteException { SqliteErrorCode: 5 or 6 } => DatabaseFault.Busy,
        SqlException e => OfSqlServer(e.Number),
        // SqlClient throws this when its pool is exhausted; it has neither a type nor a number of its own.
        InvalidOperationException { Source: "Microsoft.Data.SqlClient" or "Microsoft.Data.SqlClient.Core" } e when e.Message.Contains("from the pool", StringComparison.Ordinal) => DatabaseFault.Busy,
        _ => null,
    };

    private static DatabaseFault? OfPostgres(string state) => state switch
    {
        PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.TooManyConnections => DatabaseFault.Busy,
        PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => DatabaseFault.Unavailable,
        _ => null,
    };

    // -2: time-out; 1205: deadlock; 1222: lock time-out; 10928, 10929: too many sessions; the others: no connection.
    private static DatabaseFault? OfSqlServer(int number) => number switch
    {
        -2 or 1205 or 1222 or 10928 or 10929 => DatabaseFault.Busy,
        -1 or 2 or 53 or 233 or 10053 or 10054 or 10060 or 40613 => DatabaseFault.Unavailable,
        _ => null,
    };
}
