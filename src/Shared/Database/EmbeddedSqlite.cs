using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Proofsheet.Shared.Database;

/// <summary>Opens the embedded database so that committed data survives a crash.</summary>
internal static class EmbeddedSqlite
{
    public static void Configure(DbContextOptionsBuilder builder, string connectionString)
    {
        var connection = new SqliteConnectionStringBuilder(connectionString);
        if (connection.DataSource is { Length: > 0 } file && file != ":memory:" && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        connection.ForeignKeys = true;
        // How long a writer waits for another writer, in seconds.
        connection.DefaultTimeout = 30;
        builder.UseSqlite(connection.ConnectionString);
        builder.AddInterceptors(Pragmas.Instance);
    }

    private sealed class Pragmas : DbConnectionInterceptor
    {
        public static readonly Pragmas Instance = new();

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Set(connection);
            return Task.CompletedTask;
        }

        private static void Set(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            // FULL: in WAL mode, NORMAL may lose the last commits in a power failure, after they were confirmed with a 2xx response.
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;";
            command.ExecuteNonQuery();
        }
    }
}
