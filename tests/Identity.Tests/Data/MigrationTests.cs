using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Data.Providers.Postgres;
using Proofsheet.Identity.Data.Providers.Sqlite;
using Proofsheet.Identity.Data.Providers.SqlServer;
using Xunit;

namespace Proofsheet.Identity.Tests.Data;

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
    private static IdentityDb Open(string provider)
    {
        switch (provider)
        {
            case "Sqlite":
                var sqlite = new DbContextOptionsBuilder<SqliteIdentityDb>();
                SqliteIdentityDb.Configure(sqlite, "Data Source=:memory:");
                return new SqliteIdentityDb(sqlite.Options);
            case "Postgres":
                var postgres = new DbContextOptionsBuilder<PostgresIdentityDb>();
                PostgresIdentityDb.Configure(postgres, "Host=127.0.0.1;Database=nowhere");
                return new PostgresIdentityDb(postgres.Options);
            default:
                var server = new DbContextOptionsBuilder<SqlServerIdentityDb>();
                SqlServerIdentityDb.Configure(server, "Server=127.0.0.1;Database=nowhere");
                return new SqlServerIdentityDb(server.Options);
        }
    }
}
