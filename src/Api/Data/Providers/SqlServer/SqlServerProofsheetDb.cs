using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Kernel;

namespace Proofsheet.Api.Data.Providers.SqlServer;

internal sealed class SqlServerProofsheetDb(DbContextOptions<SqlServerProofsheetDb> options, TenantContext tenant) : ProofsheetDb(options, tenant)
{
    public static void Configure(DbContextOptionsBuilder builder, string connectionString) => builder.UseSqlServer(connectionString);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()).Where(p => IsId(p.ClrType)))
        {
            property.SetCollation("Latin1_General_100_BIN2");
        }

        // SQL Server refuses several cascade paths to one table; rows are removed by their owners' handlers instead.
        foreach (var key in modelBuilder.Model.GetEntityTypes().SelectMany(e => e.GetForeignKeys()).Where(k => !k.IsOwnership && k.DeleteBehavior == DeleteBehavior.Cascade))
        {
            key.DeleteBehavior = DeleteBehavior.ClientCascade;
        }
    }

    private static bool IsId(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is { IsGenericType: true } t && t.GetGenericTypeDefinition() == typeof(Id<>);
}
