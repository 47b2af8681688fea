using System.Data.Common;
using FluentAssertions;
using Microsoft.Data.Sqlite;
using Npgsql;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Database;
using Xunit;

namespace Proofsheet.Api.Tests.Data;

/// <summary>Waits for the database that run out.</summary>
[Trait("Database", "Provider")]
public sealed class DatabaseBusyTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_that_waits_too_long_for_a_lock_is_answered_503_and_can_be_repeated()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" });
        var studio = await host.StudioAsync();
        var (provider, connection) = (host.Shared["Database:Provider"]!, host.Shared["Database:ConnectionString"]!);
        var isPostgres = provider == nameof(DatabaseProvider.Postgres);
        await using var impatient = await host.SiblingAsync(("Database:ConnectionString", connection + (isPostgres ? ";Command Timeout=1" : ";Default Timeout=1")), ("Outbox:Enabled", "false"));
        var client = impatient.Client(studio.SecretKey);

        await using (DbConnection other = isPostgres ? new NpgsqlConnection(connection) : new SqliteConnection(connection))
        {
            await other.OpenAsync(_cancellation);
            await RunAsync(other, isPostgres ? "BEGIN; LOCK TABLE galleries IN ACCESS EXCLUSIVE MODE" : "BEGIN IMMEDIATE");
            var answer = await client.PostAsync("/v1/galleries", new { title = "Wedding" });

            answer.ShouldBeProblem(503, "database_busy");
            answer.Headers["Retry-After"].Should().Be("5");
            await RunAsync(other, "ROLLBACK");
        }

        (await client.PostAsync("/v1/galleries", new { title = "Wedding" })).ShouldBe(201);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_answered_503()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" });
        Assert.SkipUnless(host.Shared["Database:Provider"] == nameof(DatabaseProvider.Postgres), "An embedded database is always there.");
        var studio = await host.StudioAsync();
        await using var cut = await host.SiblingAsync(("Database:ConnectionString", "Host=127.0.0.1;Port=9;Database=nowhere;Username=nobody;Timeout=1"), ("Outbox:Enabled", "false"));

        var answer = await cut.Client(studio.SecretKey).GetAsync("/v1/galleries");

        answer.ShouldBeProblem(503, "database_unavailable");
        answer.Headers.Should().ContainKey("Retry-After");
    }

    [Fact]
    public async Task A_pool_that_is_exhausted_is_busy()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" });
        Assert.SkipUnless(host.Shared["Database:Provider"] == nameof(DatabaseProvider.Postgres), "SQLite's connections have no limit.");
        var connection = $"{host.Shared["Database:ConnectionString"]};Maximum Pool Size=1;Timeout=1;Application Name=exhausted";
        await using var only = new NpgsqlConnection(connection);
        await only.OpenAsync(_cancellation);
        await using var another = new NpgsqlConnection(connection);

        var exhausting = () => another.OpenAsync(_cancellation);

        DatabaseFaults.Of((await exhausting.Should().ThrowAsync<NpgsqlException>()).Which).Should().Be(DatabaseFault.Busy);
    }

    [Fact]
    public void Other_failures_are_not_the_databases_waits()
    {
        DatabaseFaults.Of(new InvalidOperationException("A connection from the pool")).Should().BeNull();
        DatabaseFaults.Of(new TimeoutException()).Should().BeNull();
        DatabaseFaults.Of(new SqliteException("constraint", 19)).Should().BeNull();
        DatabaseFaults.Of(new PostgresException("unique", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation)).Should().BeNull();
        DatabaseFaults.Of(new InvalidOperationException("x", new PostgresException("deadlock", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected))).Should().Be(DatabaseFault.Busy);
        DatabaseFaults.Of(new SqliteException("locked", 6)).Should().Be(DatabaseFault.Busy);
    }

    private async Task RunAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(_cancellation);
    }
}
