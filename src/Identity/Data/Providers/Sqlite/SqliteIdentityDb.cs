using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Database;

namespace Proofsheet.Identity.Data.Providers.Sqlite;

internal sealed class SqliteIdentityDb(DbContextOptions<SqliteIdentityDb> options) : IdentityDb(options)
{
    public static void Configure(DbContextOptionsBuilder builder, string connectionString) => EmbeddedSqlite.Configure(builder, connectionString);
}
