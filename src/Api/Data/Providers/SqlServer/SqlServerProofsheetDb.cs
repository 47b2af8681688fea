using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Data.Providers.SqlServer;

internal sealed class SqlServerProofsheetDb(DbContextOptions<SqlServerProofsheetDb> options, TenantContext tenant, TimeProvider clock) : ProofsheetDb(options, tenant, clock)
{
    /// <summary>Compares by code point, as the other two databases do.</summary>
    public const string Exact = "Latin1_General_100_BIN2";

    public static void Configure(DbContextOptionsBuilder builder, string connectionString) => builder.UseSqlServer(connectionString);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        // By default SQL Server treats "Anna" and "anna" as equal: ids would not sort as the cursors assume, and different slugs,
        // codes and idempotency keys would collide.
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()).Where(Identifies))
        {
            property.SetCollation(Exact);
        }
    }

    private static bool Identifies(IMutableProperty property) =>
        property.IsUnicode() == false || (property.ClrType == typeof(string) && (property.IsKey() || property.IsForeignKey() || property.IsIndex()));
}
