using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Providers.Postgres;
using Proofsheet.Api.Data.Providers.Sqlite;
using Proofsheet.Api.Kernel;

namespace Proofsheet.Api.Tests.Support;

internal static class TestDatabase
{
    /// <summary>A context of its own on a database, past the host: for making schemas and looking at rows.</summary>
    public static ProofsheetDb Open(DatabaseProvider provider, string connection, TenantContext tenant)
    {
        if (provider == DatabaseProvider.Postgres)
        {
            var postgres = new DbContextOptionsBuilder<PostgresProofsheetDb>();
            PostgresProofsheetDb.Configure(postgres, connection);
            return new PostgresProofsheetDb(postgres.Options, tenant);
        }

        var sqlite = new DbContextOptionsBuilder<SqliteProofsheetDb>();
        SqliteProofsheetDb.Configure(sqlite, connection);
        return new SqliteProofsheetDb(sqlite.Options, tenant);
    }
}
