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
    private static readonly string[] CheckedFiles = ["src/Shared/Outbox/OutboxStore.cs"];

    /// <summary>True for a statement of another database whose SQL Server version is tested here.</summary>
    internal static bool Covers(string sql) => sql.StartsWith("UPDATE outbox_messages SET lease_owner", StringComparison.Ordinal);

    [Fact]
    public async Task Claiming_a_message_of_the_outbox_is_one_statement_that_skips_locked_rows()
    {
        var known = new OutboxHandlers([new OutboxHandler("orders.paid", "tests.handler", (_, _, _, _) => Task.CompletedTask, (_, _, _) => Task.CompletedTask)], [new OutboxEvent("orders.placed")]);
        var sql = await SqlServerShadow.FirstCommandAsync(db =>
            new OutboxStore(db, known).ClaimAsync("owner", TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        var tree = (TSqlScript)TransactSql.ParseWhole(sql!);
        tree.Batches.Single().Statements.Should().ContainSingle().Which.Should().BeOfType<UpdateStatement>();
        tree.All<TableHint>().Select(h => h.HintKind).Should().BeEquivalentTo([TableHintKind.Rowlock, TableHintKind.ReadPast, TableHintKind.UpdLock]);
        using var model = SqlServerShadow.Open();
        var columns = model.Model.FindEntityType(typeof(OutboxMessage))!.GetProperties().Select(p => p.GetColumnName()).ToList();
        tree.All<ColumnReferenceExpression>().Where(c => c.MultiPartIdentifier is not null).Select(c => c.MultiPartIdentifier.Identifiers[^1].Value)
            .Should().OnlyContain(c => columns.Contains(c));
    }

    [Fact]
    public void No_other_file_of_the_API_writes_SQL()
    {
        var writing = Repository.Files("src/Api", "*.cs").Concat(Repository.Files("src/Shared", "*.cs"))
            .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal) && RawSql().IsMatch(Repository.Read(file)));

        writing.Should().BeSubsetOf(CheckedFiles, "a test here checks each such file's text for SQL Server");
    }

    [GeneratedRegex(@"\.(ExecuteSql|FromSql|SqlQuery)(Raw|Interpolated)?(Async)?\s*[<(]")]
    private static partial Regex RawSql();
}
