using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace Proofsheet.Shared.Database;

/// <summary>Opens the embedded database so that committed data survives a crash.</summary>
internal static class EmbeddedSqlite
{
    // Prepared once for each configured string, because a context is made for each request.
    private static readonly ConcurrentDictionary<string, string> ConnectionStrings = new(StringComparer.Ordinal);

    public static void Configure(DbContextOptionsBuilder builder, string connectionString)
    {
        builder.UseSqlite(ConnectionStrings.GetOrAdd(connectionString, Prepare));
        builder.AddInterceptors(Pragmas.Instance);
    }

    private static string Prepare(string connectionString)
    {
        var connection = new SqliteConnectionStringBuilder(connectionString);
        if (connection.DataSource is { Length: > 0 } file && file != ":memory:" && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        connection.ForeignKeys = true;
        if (!new DbConnectionStringBuilder { ConnectionString = connectionString }.ContainsKey("Default Timeout"))
        {
            // How long a writer waits for another writer, in seconds. A request that waits longer is answered 503.
            connection.DefaultTimeout = 10;
        }

        return connection.ConnectionString;
    }

    private sealed class Pragmas : DbConnectionInterceptor
    {
        public static readonly Pragmas Instance = new();

        // A connection from the pool still has the settings from when it was made.
        private readonly ConditionalWeakTable<sqlite3, Pragmas> _set = [];

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Set(connection);
            return Task.CompletedTask;
        }

        private void Set(DbConnection connection)
        {
            var handle = ((SqliteConnection)connection).Handle!;
            if (_set.TryGetValue(handle, out _))
            {
                return;
            }

            using var command = connection.CreateCommand();
            // FULL: in WAL mode, NORMAL may lose the last commits in a power failure, after they were confirmed with a 2xx response.
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;";
            command.ExecuteNonQuery();
            _set.TryAdd(handle, this);
        }
    }
}
