using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using Proofsheet.Api.Data.Providers.SqlServer;
using Xunit;

namespace Proofsheet.Api.Tests.Data.SqlServer;

/// <summary>The schema for SQL Server, as far as a script can be checked without running it: grammar, and the limits below.</summary>
public sealed class SqlServerSchemaTests
{
    [Fact]
    public void The_script_that_creates_the_schema_is_Transact_SQL_within_SQL_Servers_limits()
    {
        using var db = SqlServerShadow.Open();

        // If the cascades of a new mapping meet, make the one that no handler relies on Restrict, for all databases.
        var script = db.Database.GenerateCreateScript();

        var rules = new SchemaRules(TransactSql.ParseWhole(script));
        rules.Tables.Should().Be(db.Model.GetEntityTypes().Select(e => e.GetTableName()).Distinct().Count(), "the script makes every table of the model");
        rules.Keys.Should().BeGreaterThan(rules.Tables);
        Findings(rules).Should().BeEmpty();
    }

    [Fact]
    public void Text_in_keys_is_compared_exactly_as_in_the_other_databases()
    {
        using var db = SqlServerShadow.Open();

        var inexact = db.GetService<IDesignTimeModel>().Model.GetEntityTypes().SelectMany(e => e.GetProperties())
            .Where(p => (p.IsKey() || p.IsForeignKey() || p.IsIndex()) && p.GetColumnType().Contains("char", StringComparison.Ordinal))
            .Where(p => p.GetCollation() != SqlServerProofsheetDb.Exact);

        inexact.Should().BeEmpty();
    }

    [Fact]
    public void The_migrations_are_Transact_SQL_and_make_the_tables_of_the_model()
    {
        using var db = SqlServerShadow.Open();
        Assert.SkipUnless(db.Database.GetMigrations().Any(), "There are no migrations for SQL Server yet.");
        var migrator = db.GetService<IMigrator>();

        var script = migrator.GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);

        // Idempotent: each statement is in an IF, some inside EXEC(N'…'), whose text is parsed separately.
        var tree = TransactSql.ParseWhole(script);
        // The name of a default is looked up when the script runs, so the text contains a variable.
        foreach (var list in tree.All<ExecutableStringList>())
        {
            TransactSql.ParseWhole(string.Concat(list.Strings.Select(part => part is Literal literal ? literal.Value : "[a_name]")));
        }

        var made = tree.All<CreateTableStatement>().Select(t => t.SchemaObjectName.BaseIdentifier.Value);
        made.Should().Contain(db.Model.GetEntityTypes().Select(e => e.GetTableName()!));
        new SchemaRules(tree).Identifiers().Should().BeEmpty();
    }

    [Theory]
    [InlineData("CREATE TABLE a (id varchar(26) NOT NULL, long nvarchar(max), PRIMARY KEY (id)); CREATE INDEX i ON a (long);", "no greatest length")]
    [InlineData("CREATE TABLE a (id nvarchar(451) NOT NULL, CONSTRAINT pk PRIMARY KEY (id));", "pk of a can take 902 bytes")]
    [InlineData("CREATE TABLE a (id int NOT NULL, n nvarchar(400), v varchar(901), PRIMARY KEY (id)); CREATE UNIQUE INDEX i ON a (n, v);", "i of a can take 1701 bytes")]
    [InlineData("CREATE TABLE a (id int NOT NULL, a_id int, PRIMARY KEY (id), FOREIGN KEY (a_id) REFERENCES a (id) ON DELETE CASCADE);", "reaches a on 1 ways")]
    [InlineData(
        """
        CREATE TABLE a (id int NOT NULL, PRIMARY KEY (id));
        CREATE TABLE b (id int NOT NULL, a_id int, PRIMARY KEY (id), FOREIGN KEY (a_id) REFERENCES a (id) ON DELETE CASCADE);
        CREATE TABLE c (id int NOT NULL, a_id int, b_id int, PRIMARY KEY (id),
            FOREIGN KEY (a_id) REFERENCES a (id) ON DELETE SET NULL, FOREIGN KEY (b_id) REFERENCES b (id) ON DELETE CASCADE);
        """,
        "Deleting from a reaches c on 2 ways")]
    [InlineData(
        """
        CREATE TABLE a (id varchar(26) COLLATE Latin1_General_100_BIN2 NOT NULL, PRIMARY KEY (id));
        CREATE TABLE b (id int NOT NULL, a_id varchar(26), PRIMARY KEY (id), CONSTRAINT fk FOREIGN KEY (a_id) REFERENCES a (id));
        """,
        "fk of b: a_id is VarChar(26), but a.id is VarChar(26) Latin1_General_100_BIN2")]
    [InlineData("CREATE TABLE a (id int NOT NULL, PRIMARY KEY (id)); CREATE INDEX i ON a (id) WHERE deleted = 1;", "names deleted")]
    [InlineData("CREATE TABLE a (id int NOT NULL, at datetime2 DEFAULT (now()), PRIMARY KEY (id));", "now() is not known")]
    public void A_schema_that_SQL_Server_would_refuse_is_found(string script, string finding)
    {
        Findings(new SchemaRules(TransactSql.ParseWhole(script))).Should().Contain(f => f.Contains(finding, StringComparison.Ordinal));
    }

    [Fact]
    public void Another_databases_dialect_does_not_parse()
    {
        TransactSql.Parse("SELECT id FROM outbox_messages ORDER BY id LIMIT 1").Complaint.Should().Contain("LIMIT");
    }

    private static List<string> Findings(SchemaRules rules) =>
        [.. rules.Identifiers(), .. rules.KeySizes(), .. rules.CascadePaths(), .. rules.ForeignKeys(), .. rules.Fragments()];
}
