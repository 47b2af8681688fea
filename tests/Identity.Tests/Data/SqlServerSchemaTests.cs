using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using Proofsheet.Api.Tests.Data.SqlServer;
using Proofsheet.Identity.Data.Providers.SqlServer;
using Xunit;

namespace Proofsheet.Identity.Tests.Data;

/// <summary>The authority's schema for SQL Server, as far as a script can be checked without running it: grammar, and SQL Server's limits.</summary>
public sealed class SqlServerSchemaTests
{
    [Fact]
    public void The_script_that_creates_the_schema_is_Transact_SQL_within_SQL_Servers_limits()
    {
        using var db = Open();

        var rules = new SchemaRules(TransactSql.ParseWhole(db.Database.GenerateCreateScript()));

        rules.Tables.Should().Be(db.Model.GetEntityTypes().Select(e => e.GetTableName()).Where(t => t is not null).Distinct().Count());
        string[] findings = [.. rules.Identifiers(), .. rules.KeySizes(), .. rules.CascadePaths(), .. rules.ForeignKeys(), .. rules.Fragments()];
        findings.Should().BeEmpty();
    }

    [Fact]
    public void Text_in_keys_is_compared_exactly_as_in_the_other_databases()
    {
        using var db = Open();

        db.GetService<IDesignTimeModel>().Model.GetEntityTypes().SelectMany(e => e.GetProperties())
            .Where(p => (p.IsKey() || p.IsForeignKey() || p.IsIndex()) && p.GetColumnType().Contains("char", StringComparison.Ordinal))
            .Where(p => p.GetCollation() != "Latin1_General_100_BIN2")
            .Select(p => $"{p.DeclaringType.ShortName()}.{p.Name}")
            .Should().BeEmpty();
    }

    [Fact]
    public void The_migrations_are_Transact_SQL_and_make_the_tables_of_the_model()
    {
        using var db = Open();
        var script = db.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);

        var tree = TransactSql.ParseWhole(script);
        foreach (var text in tree.All<ExecutableStringList>().SelectMany(list => list.Strings))
        {
            TransactSql.ParseWhole(((Literal)text).Value);
        }

        tree.All<CreateTableStatement>().Select(t => t.SchemaObjectName.BaseIdentifier.Value)
            .Should().Contain(db.Model.GetEntityTypes().Select(e => e.GetTableName()).OfType<string>());
    }

    private static SqlServerIdentityDb Open()
    {
        var builder = new DbContextOptionsBuilder<SqlServerIdentityDb>();
        SqlServerIdentityDb.Configure(builder, "Server=127.0.0.1;Database=nowhere");
        return new SqlServerIdentityDb(builder.Options);
    }
}
