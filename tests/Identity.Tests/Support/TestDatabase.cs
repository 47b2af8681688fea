using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Data.Providers.Postgres;
using Proofsheet.Identity.Data.Providers.Sqlite;

namespace Proofsheet.Identity.Tests.Support;

internal static class TestDatabase
{
    /// <summary>A context of its own on a database, past the host: for making schemas and looking at rows.</summary>
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
}
