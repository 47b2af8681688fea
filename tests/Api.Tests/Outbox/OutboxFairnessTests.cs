using System.Data.Common;
using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Outbox;
using Xunit;

namespace Proofsheet.Api.Tests.Outbox;

/// <summary>One studio's work does not keep another's waiting, nor bulk events what someone waits for.</summary>
[Trait("Database", "Provider")]
public sealed partial class OutboxFairnessTests
{
    private sealed record Bulk(string Test, string Name) : IBulkEvent
    {
        public static string EventName => "tests.bulk";
    }

    private sealed record Deferred(string Test, string Name) : IDeferredEvent
    {
        public static string EventName => "tests.deferred";
    }

    private sealed record Interactive(string Test, string Name) : IOutboxEvent
    {
        public static string EventName => "tests.interactive";
    }

    private sealed class Blocked : IHandle<Bulk>
    {
        public async Task HandleAsync(Bulk happened, OutboxAttempt attempt, CancellationToken cancellation)
        {
            await OutboxJournal.Note(happened.Test, happened.Name);
            await Task.Delay(Timeout.Infinite, cancellation);
        }
    }

    private sealed class AlsoBlocked : IHandle<Interactive>
    {
        public async Task HandleAsync(Interactive happened, OutboxAttempt attempt, CancellationToken cancellation)
        {
            await OutboxJournal.Note(happened.Test, happened.Name);
            await Task.Delay(Timeout.Infinite, cancellation);
        }
    }

    private sealed class Noted : IHandle<Interactive>, IHandle<Bulk>
    {
        public Task HandleAsync(Interactive happened, OutboxAttempt attempt, CancellationToken cancellation) => OutboxJournal.Note(happened.Test, happened.Name);

        public Task HandleAsync(Bulk happened, OutboxAttempt attempt, CancellationToken cancellation) => OutboxJournal.Note(happened.Test, happened.Name);
    }

    private static void Know(IServiceCollection services) => services.AddOutboxEvent<Bulk>().AddOutboxEvent<Deferred>().AddOutboxEvent<Interactive>();

    [Fact]
    public async Task One_photo_is_second_although_another_studio_has_hundreds_waiting()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" }, Know);
        var (many, one) = (await host.StudioAsync(), await host.StudioAsync());
        await host.PublishAsync(many, [.. Enumerable.Range(0, 300).Select(n => new Bulk("", $"{n}"))]);
        await host.PublishAsync(one, new Bulk("", "the only one"));

        var order = await ClaimsAsync(host, 20);

        order.Select(m => m.Tenant.ToString()).Take(3).Should().Equal(many.Id, one.Id, many.Id);
        order.Where(m => m.Tenant.ToString() == many.Id).Select(m => m.DueAt).Should().BeInAscendingOrder("a studio's own come in their order");
    }

    [Fact]
    public async Task Deferred_events_come_after_a_studios_other_bulk_events_and_do_not_cost_it_its_turn()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" }, Know);
        var (first, second) = (await host.StudioAsync(), await host.StudioAsync());
        await host.PublishAsync(first, new Deferred("", "formats 1"), new Deferred("", "formats 2"));
        await host.PublishAsync(second, new Bulk("", "photo 1"), new Bulk("", "photo 2"), new Bulk("", "photo 3"));
        await host.PublishAsync(first, new Bulk("", "photo"));

        var order = await ClaimsAsync(host, 6);

        order.Where(m => m.Tenant.ToString() == first.Id).Select(m => m.Event).Should().Equal("tests.bulk", "tests.deferred", "tests.deferred");
        order.Select(m => m.Tenant).Zip(order.Skip(1).Select(m => m.Tenant)).Should().OnlyContain(pair => pair.First != pair.Second, "the studios take turns whatever their events are");
    }

    [Fact]
    public async Task In_each_of_two_processes_every_studio_gets_its_turn_and_no_message_goes_twice()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" }, Know);
        await using var sibling = await host.SiblingAsync(Know, ("Outbox:Enabled", "false"));
        var (many, few) = (await host.StudioAsync(), await host.StudioAsync());
        await host.PublishAsync(many, [.. Enumerable.Range(0, 100).Select(n => new Bulk("", $"{n}"))]);
        await host.PublishAsync(few, [.. Enumerable.Range(0, 10).Select(n => new Bulk("", $"{n}"))]);

        var claims = await Task.WhenAll(ClaimsAsync(host, 20), ClaimsAsync(sibling, 20));

        claims.SelectMany(c => c).Select(m => m.Id).Should().HaveCount(40).And.OnlyHaveUniqueItems();
        claims.SelectMany(c => c).Count(m => m.Tenant.ToString() == few.Id).Should().Be(10, "they are claimed by turns, before a third of the others");
    }

    [Fact]
    public async Task What_someone_waits_for_is_done_while_bulk_work_holds_all_other_workers()
    {
        await using var host = await ApiHost.StartAsync(
            new() { ["Outbox:Workers"] = "3" }, services => services.AddOutboxHandler<Bulk, Blocked>("tests.block").AddOutboxHandler<Interactive, Noted>("tests.note"));
        var studio = await host.StudioAsync();
        var test = Guid.NewGuid().ToString();
        await host.PublishAsync(studio, [.. Enumerable.Range(0, 10).Select(_ => new Bulk(test, "bulk"))]);
        await ApiHost.EventuallyAsync(() => Task.FromResult(OutboxJournal.Of(test).Length == 3), "bulk work holds the three workers");

        await host.PublishAsync(studio, new Interactive(test, "an order"));

        await ApiHost.EventuallyAsync(() => Task.FromResult(OutboxJournal.Of(test).Contains("an order")), "the order is handled");
        OutboxJournal.Of(test).Should().Equal("bulk", "bulk", "bulk", "an order");
    }

    [Fact]
    public async Task Bulk_work_is_done_while_more_of_the_other_is_waiting_than_there_are_workers()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" }, Know);
        var studio = await host.StudioAsync();
        var test = Guid.NewGuid().ToString();
        await host.PublishAsync(studio, [.. Enumerable.Range(0, 10).Select(_ => new Interactive(test, "mail"))]);
        await host.PublishAsync(studio, new Bulk(test, "a photo"));

        await using var working = await host.SiblingAsync(
            services => services.AddOutboxHandler<Interactive, AlsoBlocked>("tests.block").AddOutboxHandler<Bulk, Noted>("tests.note"), ("Outbox:Enabled", "true"), ("Outbox:Workers", "2"));

        await ApiHost.EventuallyAsync(() => Task.FromResult(OutboxJournal.Of(test).Contains("a photo")), "the photo is processed");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public async Task With_100000_open_messages_a_claim_reads_only_the_index(int studios)
    {
        await using var host = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" }, Know);
        var studio = await host.StudioAsync();
        await host.PublishAsync(studio, new Bulk("", "first"));
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();
        var first = await db.Set<OutboxMessage>().AsNoTracking().SingleAsync(m => m.Event == Bulk.EventName);
        await FillAsync(db, first, studios);
        var sql = OutboxSql.Of(db, scope.ServiceProvider.GetRequiredService<OutboxHandlers>());

        var plans = await PlanAsync(db, sql.Studios, first) + await PlanAsync(db, sql.Claim, first);
        var order = await ClaimsAsync(host, 10);

        plans.Should().Contain("IX_outbox_messages_is_bulk_tenant_is_deferred_due_at_id").And.NotMatchRegex(@"(?i)SCAN (on )?(outbox_messages|m|d)\b(?! USING)|B-TREE|Sort ");
        order.Select(m => m.Tenant).Distinct().Should().HaveCount(Math.Min(10, studios));
    }

    private static async Task<List<OutboxMessage>> ClaimsAsync(ApiHost host, int count)
    {
        var claimed = new List<OutboxMessage>();
        while (claimed.Count < count)
        {
            await using var scope = host.Services.CreateAsyncScope();
            var message = await scope.ServiceProvider.GetRequiredService<OutboxStore>().ClaimAsync("worker", host.Clock.GetUtcNow(), TimeSpan.FromMinutes(1), default, OutboxWork.BulkFirst);
            claimed.Add(message!);
            // Handled at once, as by a single worker.
            scope.ServiceProvider.GetRequiredService<OutboxTurns>().End(message!.Tenant, message.IsBulk);
        }

        return claimed;
    }

    /// <summary>Copies the message 100,000 times, for so many studios.</summary>
    private static async Task FillAsync(ProofsheetDb db, OutboxMessage first, int studios)
    {
        var numbers = db.Database.IsNpgsql()
            ? "(SELECT generate_series(1, 100000) AS n) AS numbers"
            : "(WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 100000) SELECT n FROM up) AS numbers";
        var number = db.Database.IsNpgsql() ? "lpad(n::text, 6, '0')" : "printf('%06d', n)";
        var tenant = db.Database.IsNpgsql() ? $"lpad((n % {studios})::text, 6, '0')" : $"printf('%06d', n % {studios})";
        await RunAsync(db, $"""
            INSERT INTO outbox_messages (id, tenant, event, payload, is_bulk, is_deferred, created_at, due_at, attempts)
            SELECT substr(o.id, 1, 20) || {number}, {(studios == 1 ? "o.tenant" : $"substr(o.tenant, 1, 20) || {tenant}")}, o.event, o.payload, o.is_bulk, o.is_deferred, o.created_at, o.due_at, 0
            FROM outbox_messages o, {numbers} WHERE o.id = '{first.Id.ToStored()}'
            """);
        await RunAsync(db, "ANALYZE outbox_messages");
    }

    private static async Task<string> PlanAsync(ProofsheetDb db, string sql, OutboxMessage message)
    {
        var literals = Placeholder().Replace(sql, p => p.Groups[1].Value switch
        {
            "1" => db.Database.IsNpgsql() ? "true" : "1",
            "2" => $"'{message.Tenant.ToStored()}'",
            "3" => "'owner'",
            _ => $"'{message.DueAt.UtcDateTime.AddSeconds(1):yyyy-MM-dd HH:mm:ss}'",
        });
        return string.Join('\n', await RunAsync(db, (db.Database.IsNpgsql() ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + literals));
    }

    private static async Task<List<string>> RunAsync(ProofsheetDb db, string sql)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetValue(reader.FieldCount - 1).ToString()!);
        }

        return lines;
    }

    [GeneratedRegex(@"\{(\d)\}")]
    private static partial Regex Placeholder();
}
