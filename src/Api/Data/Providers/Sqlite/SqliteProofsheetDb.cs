using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Data.Providers.Sqlite;

/// <summary>The embedded default: one file, write-ahead log, one writer at a time.</summary>
internal sealed class SqliteProofsheetDb(DbContextOptions<SqliteProofsheetDb> options, TenantContext tenant, TimeProvider clock) : ProofsheetDb(options, tenant, clock)
{
    public static void Configure(DbContextOptionsBuilder builder, string connectionString) => EmbeddedSqlite.Configure(builder, connectionString);
}
