using Microsoft.EntityFrameworkCore;

namespace Proofsheet.Identity.Data.Providers.SqlServer;

internal sealed class SqlServerIdentityDb(DbContextOptions<SqlServerIdentityDb> options) : IdentityDb(options)
{
    public static void Configure(DbContextOptionsBuilder builder, string connectionString) => builder.UseSqlServer(connectionString);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        // SQL Server ignores case by default: different identifiers, hashes and codes would collide.
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(e => e.GetProperties())
                     .Where(p => p.IsUnicode() == false || (p.ClrType == typeof(string) && (p.IsKey() || p.IsForeignKey() || p.IsIndex()))))
        {
            property.SetCollation("Latin1_General_100_BIN2");
        }
    }
}
