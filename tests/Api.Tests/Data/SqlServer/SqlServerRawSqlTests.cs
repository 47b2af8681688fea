using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using Proofsheet.Api.Tests.Conventions;
using Proofsheet.Shared.Outbox;
using Xunit;

namespace Proofsheet.Api.Tests.Data.SqlServer;

/// <summary>The API's handwritten SQL, as it would be sent to SQL Server: parsed, and compared with the model.</summary>
public sealed partial class SqlServerRawSqlTests
{
    // Each file that contains SQL has its own test below.
    private static readonly string[] CheckedFiles = ["src/Shared/Outbox/OutboxSql.cs", "src/Shared/Outbox/OutboxStore.cs"];

    /// <summary>True for a statement of another database whose SQL Server version is tested here.</summary>
    internal static bool Covers(string sql) =>
        sql.StartsWith("UPDATE outbox_messages SET lease_owner", StringComparison.Ordinal) || sql.StartsWith("WITH RECURSIVE studios", StringComparison.Ordinal);

    [Fact]
    public void Claiming_a_message_of_the_outbox_is_one_statement_that_skips_locked_rows()
    {
        var tree = Parse(sql => sql.Claim);

        tree.Batches.Single().Statements.Should().ContainSingle().Which.Should().BeOfType<UpdateStatement>();
        tree.All<TableHint>().Select(h => h.HintKind).Should().BeEquivalentTo([TableHintKind.Rowlock, TableHintKind.ReadPast, TableHintKind.UpdLock]);
        UnknownColumns(tree).Should().BeEmpty();
    }

    [Fact]
    public void Reading_the_studios_that_wait_is_one_query_that_skips_locked_rows()
    {
        var tree = Parse(sql => sql.Studios);

        tree.Batches.Single().Statements.Should().ContainSingle().Which.Should().BeOfType<SelectStatement>();
        tree.All<NamedTableReference>().Where(t => t.SchemaObject.BaseIdentifier.Value == "outbox_messages")
            .Should().HaveCount(3).And.OnlyContain(t => t.TableHints.Single().HintKind == TableHintKind.ReadPast);
        UnknownColumns(tree).Should().BeEquivalentTo(["number"], "the query numbers the following studios itself");
    }

    private static TSqlScript Parse(Func<OutboxSql, string> statement)
    {
        var known = new OutboxHandlers([new OutboxHandler("orders.paid", "tests.handler", (_, _, _, _) => Task.CompletedTask, (_, _, _) => Task.CompletedTask)], [new OutboxEvent("orders.placed")]);
        using var db = SqlServerShadow.Open();
        return (TSqlScript)TransactSql.ParseWhole(Parameter().Replace(statement(OutboxSql.Of(db, known)), "@p$1"));
    }

    private static IEnumerable<string> UnknownColumns(TSqlScript tree)
    {
        using var db = SqlServerShadow.Open();
        var columns = db.Model.FindEntityType(typeof(OutboxMessage))!.GetProperties().Select(p => p.GetColumnName()).ToList();
        return [.. tree.All<ColumnReferenceExpression>().Where(c => c.MultiPartIdentifier is not null).Select(c => c.MultiPartIdentifier.Identifiers[^1].Value).Except(columns).Distinct()];
    }

    [Fact]
    public void No_other_file_of_the_API_writes_SQL()
    {
        var writing = Repository.Files("src/Api", "*.cs").Concat(Repository.Files("src/Shared", "*.cs"))
            .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal) && RawSql().IsMatch(Repository.Read(file)));

        writing.Should().BeSubsetOf(CheckedFiles, "a test here checks each such file's text for SQL Server");
    }

    [GeneratedRegex(@"\{(\d)\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\.(ExecuteSql|FromSql|SqlQuery)(Raw|Interpolated)?(Async)?\s*[<(]")]
    private static partial Regex RawSql();
}
