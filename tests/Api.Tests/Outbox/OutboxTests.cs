using System.Collections.Concurrent;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Outbox;

[Trait("Database", "Provider")]
public sealed class OutboxTests
{
    private sealed record Happened(string Test, string Name, int FailTimes = 0) : IOutboxEvent
    {
        public static string EventName => "tests.happened";
    }

    private sealed class First(TenantContext tenant) : IHandle<Happened>
    {
        public Task HandleAsync(Happened happened, OutboxAttempt attempt, CancellationToken cancellation)
        {
            var noted = OutboxJournal.Note(happened.Test, $"first {happened.Name} of {tenant.Current} attempt {attempt.Number}");
            return attempt.Number <= happened.FailTimes ? throw new InvalidOperationException("Not yet.") : noted;
        }
    }

    private sealed class Second : IHandle<Happened>
    {
        public Task HandleAsync(Happened happened, OutboxAttempt attempt, CancellationToken cancellation) => OutboxJournal.Note(happened.Test, $"second {happened.Name}");
    }

    private static void KnowTheEvents(IServiceCollection services) => services.AddOutboxEvent<Happened>().AddOutboxEvent<ManyHappened>();

    private static Task<ApiHost> HostAsync(bool both = false, int maxAttempts = 8) => ApiHost.StartAsync(
        new() { ["Outbox:MaxAttempts"] = $"{maxAttempts}", ["Outbox:BackoffMilliseconds"] = "10" },
        services =>
        {
            services.AddOutboxHandler<Happened, First>("tests.first");
            if (both)
            {
                services.AddOutboxHandler<Happened, Second>("tests.second");
            }
        });

    [Fact]
    public async Task Work_is_done_once_by_each_handler_in_a_scope_of_its_studio()
    {
        await using var host = await HostAsync(both: true);
        var studio = await host.StudioAsync();
        var test = Guid.NewGuid().ToString();

        await host.PublishAsync(studio, new Happened(test, "a"));

        await ApiHost.EventuallyAsync(() => Task.FromResult(OutboxJournal.Of(test).Length >= 2), "both handlers ran");
        await host.QuietAsync(studio.Id);
        OutboxJournal.Of(test).Should().BeEquivalentTo($"first a of {studio.Id} attempt 1", "second a");
    }

    [Fact]
    public async Task Work_that_was_rolled_back_is_never_done()
    {
        await using var host = await HostAsync();
        var studio = await host.StudioAsync();
        var test = Guid.NewGuid().ToString();

        await host.InScopeAsync(studio.Id, async services =>
        {
            var db = services.GetRequiredService<ProofsheetDb>();
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Publish(Id<Tenant>.Parse(studio.Id, null), new Happened(test, "a"), host.Clock.GetUtcNow());
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
            return 0;
        });

        // Work is taken in the order in which it became due: when later work is done, the earlier work is not there.
        await host.PublishAsync(studio, new Happened(test, "b"));
        await ApiHost.EventuallyAsync(() => Task.FromResult(OutboxJournal.Of(test).Length > 0), "what was published after it is done");
        await host.QuietAsync(studio.Id);
        OutboxJournal.Of(test).Should().Equal($"first b of {studio.Id} attempt 1");
    }

    [Fact]
    public async Task Work_that_fails_is_tried_again_until_it_succeeds()
    {
        await using var host = await HostAsync();
        var studio = await host.StudioAsync();
        var test = Guid.NewGuid().ToString();

        await host.PublishAsync(studio, new Happened(test, "a", FailTimes: 3));

        await ApiHost.EventuallyAsync(() => Task.FromResult(OutboxJournal.Of(test).Any(s => s.EndsWith("attempt 4", StringComparison.Ordinal))), "the fourth attempt");
        await host.QuietAsync(studio.Id);
        OutboxJournal.Of(test).Should().HaveCount(4);
    }

    [Fact]
    public async Task Work_that_always_fails_is_kept_listed_and_can_be_replayed()
    {
        await using var host = await HostAsync(maxAttempts: 2);
        var studio = await host.StudioAsync();
        var test = Guid.NewGuid().ToString();
        await host.PublishAsync(studio, new Happened(test, "a", FailTimes: 99));

        string? id = null;
        await ApiHost.EventuallyAsync(
            async () =>
            {
                var list = (await host.Platform.GetAsync("/v1/platform/dead-letters")).ShouldBe(200);
                id = list.Body!["data"]!.AsArray().SingleOrDefault()?["id"]!.GetValue<string>();
                return id is not null;
            },
            "the dead letter is listed");
        OutboxJournal.Of(test).Should().HaveCount(2);
        (await host.Platform.PostAsync($"/v1/platform/dead-letters/{id}/replay")).ShouldBe(204);

        await ApiHost.EventuallyAsync(() => Task.FromResult(OutboxJournal.Of(test).Length == 4), "two more attempts");
        (await studio.Api.GetAsync("/v1/platform/dead-letters")).ShouldBeProblem(403, "missing_scope");
        (await host.Platform.PostAsync("/v1/platform/dead-letters/obx_00000000000000000000000000/replay")).ShouldBeProblem(404, "not_found");
        (await host.Platform.GetAsync("/v1/platform/dead-letters?cursor=x")).ShouldBeProblem(400, "invalid_cursor");
    }

    [Fact]
    public async Task Several_workers_of_several_processes_never_hold_the_same_message()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" }, KnowTheEvents);
        var studio = await host.StudioAsync();
        const int Messages = 60;
        await host.PublishAsync(studio, [.. Enumerable.Range(0, Messages).Select(n => new Happened("claims", $"{n}"))]);

        var claimed = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            while (true)
            {
                await using var scope = host.Services.CreateAsyncScope();
                var store = scope.ServiceProvider.GetRequiredService<OutboxStore>();
                var message = await store.ClaimAsync($"worker {worker}", host.Clock.GetUtcNow(), TimeSpan.FromMinutes(1), default);
                if (message is null)
                {
                    return;
                }

                claimed.Add(message.Id.ToString());
            }
        })));

        claimed.Should().HaveCount(Messages).And.OnlyHaveUniqueItems();
    }

    private sealed record ManyHappened(string Name) : IBulkEvent
    {
        public static string EventName => "tests.many-happened";
    }

    [Fact]
    public async Task What_someone_waits_for_goes_before_what_comes_in_hundreds()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" }, KnowTheEvents);
        var studio = await host.StudioAsync();
        var tenant = Id<Tenant>.Parse(studio.Id, null);
        await host.InScopeAsync(studio.Id, async services =>
        {
            var db = services.GetRequiredService<ProofsheetDb>();
            var now = host.Clock.GetUtcNow();
            db.Publish(tenant, new ManyHappened("a photograph"), now.AddSeconds(-2));
            db.Publish(tenant, new ManyHappened("another"), now.AddSeconds(-1));
            db.Publish(tenant, new Happened("bulk", "a paid order"), now);
            return await db.SaveChangesAsync();
        });
        await using var scope = host.Services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<OutboxStore>();

        var order = new List<string>();
        while (await store.ClaimAsync("worker", host.Clock.GetUtcNow(), TimeSpan.FromMinutes(1), default) is { } message)
        {
            order.Add(message.Event);
        }

        order.Should().Equal(Happened.EventName, ManyHappened.EventName, ManyHappened.EventName);
    }

    [Fact]
    public async Task A_message_of_a_dead_worker_is_taken_over_when_its_lease_ends_and_the_dead_cannot_finish_it()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" }, KnowTheEvents);
        var studio = await host.StudioAsync();
        await host.PublishAsync(studio, new Happened("lease", "a"));
        await using var scope = host.Services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<OutboxStore>();
        var now = host.Clock.GetUtcNow();
        var lease = TimeSpan.FromSeconds(30);

        var first = await store.ClaimAsync("dead", now, lease, default);
        (await store.ClaimAsync("heir", now + lease / 2, lease, default)).Should().BeNull();
        var second = await store.ClaimAsync("heir", now + lease + TimeSpan.FromSeconds(1), lease, default);

        second!.Id.Should().Be(first!.Id);
        second.Attempts.Should().Be(2);
        (await store.DoneAsync(first, "dead", now, default)).Should().Be(0);
        (await store.DoneAsync(second, "heir", now, default)).Should().Be(1);
        (await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().Set<OutboxMessage>().CountAsync(m => m.DoneAt == null)).Should().Be(0);
    }
}
