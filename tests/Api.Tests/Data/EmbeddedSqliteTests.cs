using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Database;
using Xunit;

namespace Proofsheet.Api.Tests.Data;

public sealed class EmbeddedSqliteTests : IDisposable
{
    private readonly string _folder = TestFolder.New("sqlite");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_connection_survives_a_power_failure_whether_new_or_from_the_pool()
    {
        var options = new DbContextOptionsBuilder();
        EmbeddedSqlite.Configure(options, $"Data Source={_folder}/new/folder/test.db");
        await using var first = new DbContext(options.Options);
        await using var other = new DbContext(options.Options);

        for (var round = 0; round < 3; round++)
        {
            // The second one is new in the first round, and both are from the pool afterwards.
            await first.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await other.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
            foreach (var db in (DbContext[])[first, other])
            {
                (await ValueAsync(db, "journal_mode")).Should().Be("wal");
                (await ValueAsync(db, "synchronous")).Should().Be("2", "that is FULL");
                (await ValueAsync(db, "temp_store")).Should().Be("2", "that is MEMORY");
                (await ValueAsync(db, "foreign_keys")).Should().Be("1");
                await db.Database.CloseConnectionAsync();
            }
        }
    }

    private static async Task<string> ValueAsync(DbContext db, string pragma)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {pragma}";
        return $"{await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)}";
    }
}
