using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.Internal;
using Npgsql.EntityFrameworkCore.PostgreSQL.Migrations;

namespace Proofsheet.Api.Data.Providers.Postgres;

/// <summary>
/// Adds row-level security to every table with a tenant when it is created, so that no migration can forget it. Without the setting that
/// <see cref="RowSecurity"/> makes, such a table has no rows. The policy holds for the table's owner too, but not for superusers.
/// </summary>
#pragma warning disable EF1001 // The only way to get the options that the base class wants.
internal sealed class RowSecuritySql(MigrationsSqlGeneratorDependencies dependencies, INpgsqlSingletonOptions options) : NpgsqlMigrationsSqlGenerator(dependencies, options)
#pragma warning restore EF1001
{
    public const string Policy = "tenant";
    private const string TenantColumn = "tenant_id";

    // Each in a subquery, so that it is evaluated once for each statement and not for each row.
    private const string Setting = $"(SELECT current_setting('{RowSecurity.Setting}', true))";

    protected override void Generate(CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        base.Generate(operation, model, builder, terminate: true);
        if (!operation.Columns.Exists(c => c.Name == TenantColumn))
        {
            return;
        }

        var table = Dependencies.SqlGenerationHelper.DelimitIdentifier(operation.Name, operation.Schema);
        builder.AppendLine($"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;").EndCommand();
        builder.AppendLine($"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;").EndCommand();
        builder.AppendLine($"CREATE POLICY {Policy} ON {table} USING ({TenantColumn} = {Setting} OR {Setting} = '{RowSecurity.AllTenants}');").EndCommand();
    }
}
