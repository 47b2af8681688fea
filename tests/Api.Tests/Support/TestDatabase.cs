using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Providers.Postgres;
using Proofsheet.Api.Data.Providers.Sqlite;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Tests.Support;

/// <summary>Databases for tests. Each provider's migrations run once per test process; every database is a copy of the result.</summary>
internal static class TestDatabase
{
    private static readonly Lazy<Task<string>> SqliteTemplate = new(MakeSqliteTemplateAsync);
    private static readonly Lazy<Task<string>> PostgresTemplate = new(MakePostgresTemplateAsync);

    /// <summary>The connection string of a new migrated database; for SQLite a file in the folder. Skips the test when there is no PostgreSQL.</summary>
    public static async Task<string> CreateAsync(DatabaseProvider provider, string folder, string name = "test")
    {
        if (provider == DatabaseProvider.Postgres)
        {
            return await PostgresServer.CreateDatabaseAsync(name, await PostgresTemplate.Value);
        }

        var file = Path.Combine(folder, $"{name}.db");
        File.Copy(await SqliteTemplate.Value, file);
        return $"Data Source={file}";
    }

    /// <summary>Closes the connections to the database; PostgreSQL's is deleted, SQLite's is deleted with its folder.</summary>
    public static async Task DropAsync(DatabaseProvider provider, string connection)
    {
        if (provider == DatabaseProvider.Postgres)
        {
            await PostgresServer.DropDatabaseAsync(connection);
            return;
        }

        // Pools are keyed by connection string, and the product changes the one it is given.
        await using var db = Open(provider, connection, new TenantContext());
        SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
    }

    /// <summary>A separate context on a database, bypassing the host: for creating schemas and inspecting rows.</summary>
    public static ProofsheetDb Open(DatabaseProvider provider, string connection, TenantContext tenant)
    {
        if (provider == DatabaseProvider.Postgres)
        {
            var postgres = new DbContextOptionsBuilder<PostgresProofsheetDb>();
            PostgresProofsheetDb.Configure(postgres, connection);
            return new PostgresProofsheetDb(postgres.Options, tenant, TimeProvider.System);
        }

        var sqlite = new DbContextOptionsBuilder<SqliteProofsheetDb>();
        SqliteProofsheetDb.Configure(sqlite, connection);
        return new SqliteProofsheetDb(sqlite.Options, tenant, TimeProvider.System);
    }

    private static async Task<string> MakeSqliteTemplateAsync()
    {
        var file = Path.Combine(TestFolder.New("template"), "migrated.db");
        // Unpooled: closing the last connection moves the write-ahead log into the file, which is then all there is to copy.
        await MigrateAsync(DatabaseProvider.Sqlite, $"Data Source={file};Pooling=False");
        return File.Exists(file + "-wal") ? throw new InvalidOperationException($"{file} still has a write-ahead log.") : file;
    }

    private static async Task<string> MakePostgresTemplateAsync()
    {
        var connection = await PostgresServer.CreateDatabaseAsync("template");
        await MigrateAsync(DatabaseProvider.Postgres, connection);
        // A database with open connections cannot be copied.
        return PostgresServer.Release(connection);
    }

    private static async Task MigrateAsync(DatabaseProvider provider, string connection)
    {
        await using var db = Open(provider, connection, new TenantContext());
        if (db.Database.HasPendingModelChanges())
        {
            // Model changes are tested before their migration is written. A CI step checks that the two agree.
            await db.Database.EnsureCreatedAsync();
            return;
        }

        await db.Database.MigrateAsync();
    }
}
