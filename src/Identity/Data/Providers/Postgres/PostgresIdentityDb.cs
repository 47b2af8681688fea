using Microsoft.EntityFrameworkCore;

namespace Proofsheet.Identity.Data.Providers.Postgres;

internal sealed class PostgresIdentityDb(DbContextOptions<PostgresIdentityDb> options) : IdentityDb(options)
{
    public static void Configure(DbContextOptionsBuilder builder, string connectionString) => builder.UseNpgsql(connectionString);
}
