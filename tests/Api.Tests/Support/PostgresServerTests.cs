using FluentAssertions;
using Npgsql;
using Xunit;

namespace Proofsheet.Api.Tests.Support;

[Trait("Database", "Provider")]
public sealed class PostgresServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_databases_with_one_name_know_nothing_of_each_other()
    {
        var first = await PostgresServer.CreateDatabaseAsync("Gallery tests");
        var second = await PostgresServer.CreateDatabaseAsync("Gallery tests");
        await RunAsync(first, "CREATE TABLE photos (name text); INSERT INTO photos VALUES ('one.jpg')");

        var inFirst = await RunAsync(first, "SELECT count(*) FROM photos");
        var inSecond = await RunAsync(second, "SELECT to_regclass('photos')::text");

        inFirst.Should().Be(1L);
        inSecond.Should().Be(DBNull.Value);
    }

    [Fact]
    public async Task Row_level_security_binds_the_user_of_the_tests()
    {
        var database = await PostgresServer.CreateDatabaseAsync("policies");
        await RunAsync(database,
            """
            CREATE TABLE photos (studio text);
            ALTER TABLE photos ENABLE ROW LEVEL SECURITY;
            ALTER TABLE photos FORCE ROW LEVEL SECURITY;
            CREATE POLICY own ON photos USING (studio = 'anna') WITH CHECK (true);
            INSERT INTO photos VALUES ('anna'), ('ben');
            """);

        var seen = await RunAsync(database, "SELECT count(*) FROM photos");

        seen.Should().Be(1L);
    }

    [Fact]
    public async Task Many_databases_at_once_are_made_one_after_the_other()
    {
        var databases = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostgresServer.CreateDatabaseAsync("at once")));

        databases.Should().OnlyHaveUniqueItems();
    }

    private static async Task<object?> RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
