using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Data.Providers.Postgres;

internal sealed class PostgresProofsheetDb(DbContextOptions<PostgresProofsheetDb> options, TenantContext tenant, TimeProvider clock) : ProofsheetDb(options, tenant, clock)
{
    private readonly RowSecurity _rowSecurity = new(tenant);

    public static void Configure(DbContextOptionsBuilder builder, string connectionString) =>
        builder.UseNpgsql(connectionString).ReplaceService<IMigrationsSqlGenerator, RowSecuritySql>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.AddInterceptors(_rowSecurity);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        // Ids must sort by their bytes, as the cursors assume, not by the rules of a language.
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()).Where(p => IsId(p.ClrType)))
        {
            property.SetCollation("C");
        }
    }

    private static bool IsId(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is { IsGenericType: true } t && t.GetGenericTypeDefinition() == typeof(Id<>);
}
