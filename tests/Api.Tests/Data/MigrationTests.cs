using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Providers.Postgres;
using Proofsheet.Api.Data.Providers.Sqlite;
using Proofsheet.Api.Data.Providers.SqlServer;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Data;

public sealed class MigrationTests
{
    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Postgres")]
    [InlineData("SqlServer")]
    public void The_migrations_make_the_model_as_it_is_now(string provider)
    {
        using var db = Open(provider);

        db.Database.GetMigrations().Should().NotBeEmpty("./build.sh Migrate --add=Initial makes the first");
        db.Database.HasPendingModelChanges().Should().BeFalse("the model changed: ./build.sh Migrate --add=NAME");
    }

    // None of them connects: the model is compared with the snapshot of the last migration.
    private static ProofsheetDb Open(string provider)
    {
        switch (provider)
        {
            case "Sqlite":
                var sqlite = new DbContextOptionsBuilder<SqliteProofsheetDb>();
                SqliteProofsheetDb.Configure(sqlite, "Data Source=:memory:");
                return new SqliteProofsheetDb(sqlite.Options, new TenantContext(), TimeProvider.System);
            case "Postgres":
                var postgres = new DbContextOptionsBuilder<PostgresProofsheetDb>();
                PostgresProofsheetDb.Configure(postgres, "Host=127.0.0.1;Database=nowhere");
                return new PostgresProofsheetDb(postgres.Options, new TenantContext(), TimeProvider.System);
            default:
                var server = new DbContextOptionsBuilder<SqlServerProofsheetDb>();
                SqlServerProofsheetDb.Configure(server, "Server=127.0.0.1;Database=nowhere");
                return new SqlServerProofsheetDb(server.Options, new TenantContext(), TimeProvider.System);
        }
    }
}
