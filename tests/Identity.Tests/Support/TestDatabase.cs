using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Data.Providers.Postgres;
using Proofsheet.Identity.Data.Providers.Sqlite;

namespace Proofsheet.Identity.Tests.Support;

/// <summary>Databases for tests. Each provider's migrations run once per test process; every database is a copy of the result.</summary>
internal static class TestDatabase
{
    private static readonly Lazy<Task<string>> SqliteTemplate = new(MakeSqliteTemplateAsync);
    private static readonly Lazy<Task<string>> PostgresTemplate = new(MakePostgresTemplateAsync);

    /// <summary>The connection string of a new migrated database; for SQLite a file in the folder. Skips the test when there is no PostgreSQL.</summary>
    public static async Task<string> CreateAsync(bool postgres, string folder)
    {
        if (postgres)
        {
            return await PostgresServer.CreateDatabaseAsync("identity", await PostgresTemplate.Value);
        }

        var file = Path.Combine(folder, "test.db");
        File.Copy(await SqliteTemplate.Value, file);
        return $"Data Source={file}";
    }

    /// <summary>Closes the connections to the database; PostgreSQL's is deleted, SQLite's is deleted with its folder.</summary>
    public static async Task DropAsync(bool postgres, string connection)
    {
        if (postgres)
        {
            await PostgresServer.DropDatabaseAsync(connection);
            return;
        }

        // Pools are keyed by connection string, and the product changes the one that it is given.
        await using var db = Open(postgres, connection);
        SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
    }

    /// <summary>A separate context on a database, bypassing the host: for creating schemas and inspecting rows.</summary>
    public static IdentityDb Open(bool postgres, string connection)
    {
        if (postgres)
        {
            var builder = new DbContextOptionsBuilder<PostgresIdentityDb>();
            PostgresIdentityDb.Configure(builder, connection);
            return new PostgresIdentityDb(builder.Options);
        }

        var sqlite = new DbContextOptionsBuilder<SqliteIdentityDb>();
        SqliteIdentityDb.Configure(sqlite, connection);
        return new SqliteIdentityDb(sqlite.Options);
    }

    private static async Task<string> MakeSqliteTemplateAsync()
    {
        var file = Path.Combine(TestFolder.New("template"), "migrated.db");
        // Unpooled: closing the last connection moves the write-ahead log into the file, which is then all there is to copy.
        await MigrateAsync(postgres: false, $"Data Source={file};Pooling=False");
        return File.Exists(file + "-wal") ? throw new InvalidOperationException($"{file} still has a write-ahead log.") : file;
    }

    private static async Task<string> MakePostgresTemplateAsync()
    {
        var connection = await PostgresServer.CreateDatabaseAsync("template");
        await MigrateAsync(postgres: true, connection);
        // A database with open connections cannot be copied.
        return PostgresServer.Release(connection);
    }

    private static async Task MigrateAsync(bool postgres, string connection)
    {
        await using var db = Open(postgres, connection);
        await db.Database.MigrateAsync();
    }
}
