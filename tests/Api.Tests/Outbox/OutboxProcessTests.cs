using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Photos.Processing;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Outbox;

/// <summary>Messages when processes of another version run, when a process stops, and when it dies.</summary>
[Trait("Database", "Provider")]
public sealed class OutboxProcessTests
{
    private sealed record Known(string Test) : IOutboxEvent
    {
        public static string EventName => "tests.known";
    }

    private sealed record New(string Test) : IOutboxEvent
    {
        public static string EventName => "tests.new";
    }

    private sealed class HandleKnown : IHandle<Known>
    {
        public Task HandleAsync(Known happened, OutboxAttempt attempt, CancellationToken cancellation) => OutboxJournal.Note(happened.Test, "known");
    }

    private sealed class HandleNew(TenantContext tenant) : IHandle<New>
    {
        public Task HandleAsync(New happened, OutboxAttempt attempt, CancellationToken cancellation) => OutboxJournal.Note(happened.Test, $"new, attempt {attempt.Number}");

        public Task GiveUpAsync(New happened, Exception? error) => OutboxJournal.Note(happened.Test, $"given up in {tenant.Current}: {error?.Message ?? "no error"}");
    }

    private sealed class Waiting : IHandle<New>
    {
        public async Task HandleAsync(New happened, OutboxAttempt attempt, CancellationToken cancellation)
        {
            await OutboxJournal.Note(happened.Test, "waiting");
            await Task.Delay(Timeout.Infinite, cancellation);
        }
    }

    private sealed class Failing : IHandle<New>
    {
        public Task HandleAsync(New happened, OutboxAttempt attempt, CancellationToken cancellation) => throw new InvalidOperationException("It never works.");

        public Task GiveUpAsync(New happened, Exception? error)
        {
            OutboxJournal.Note(happened.Test, $"given up: {error?.Message}");
            throw new InvalidOperationException("Nor can that be recorded.");
        }
    }

    [Fact]
    public async Task An_event_that_a_process_does_not_know_waits_for_one_that_does()
    {
        await using var old = await ApiHost.StartAsync(services: services => services.AddOutboxHandler<Known, HandleKnown>("tests.handle_known"));
        var studio = await old.StudioAsync();
        var test = Guid.NewGuid().ToString();

        await old.PublishAsync(studio, new New(test));
        await old.PublishAsync(studio, new Known(test));
        await ApiHost.EventuallyAsync(() => Task.FromResult(OutboxJournal.Of(test).Contains("known")), "what is known is done, although it came later");
        var waiting = await MessageAsync(old, New.EventName);
        await using var updated = await old.SiblingAsync(services => services.AddOutboxHandler<New, HandleNew>("tests.handle_new"));

        (waiting.DoneAt, waiting.Attempts, waiting.LeaseOwner).Should().Be((null, 0, null));
        await ApiHost.EventuallyAsync(async () => (await MessageAsync(old, New.EventName)).DoneAt is not null, "the process that knows it does it");
        OutboxJournal.Of(test).Should().Equal("known", "new, attempt 1");
    }

    [Fact]
    public async Task A_message_for_a_handler_that_a_process_does_not_know_waits_too()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" }, services => services.AddOutboxHandler<New, HandleNew>("tests.handle_new"));
        var studio = await host.StudioAsync();
        foreach (var handler in new[] { "tests.handle_later", "tests.handle_new" })
        {
            await host.InScopeAsync(studio.Id, services =>
            {
                var db = services.GetRequiredService<ProofsheetDb>();
                var now = host.Clock.GetUtcNow();
                db.Add(new OutboxMessage
                {
                    Id = Id<OutboxMessage>.New(now), Tenant = Id<Tenant>.Parse(studio.Id, null), Event = New.EventName, Handler = handler, Payload = "{}", CreatedAt = now, DueAt = now,
                });
                return db.SaveChangesAsync();
            });
        }

        await using var scope = host.Services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<OutboxStore>();

        (await ClaimAsync(store, host))!.Handler.Should().Be("tests.handle_new");
        (await ClaimAsync(store, host)).Should().BeNull();
    }

    [Fact]
    public async Task What_has_waited_for_long_is_named()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" }, services => services.AddOutboxEvent<Known>());
        var studio = await host.StudioAsync();
        await host.PublishAsync(studio, new New("a"));
        await host.PublishAsync(studio, new Known("a"));
        await using var scope = host.Services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<OutboxStore>();

        (await store.UnknownEventsAsync(host.Clock.GetUtcNow().AddMinutes(1), default)).Should().Equal(New.EventName);
        (await store.UnknownEventsAsync(host.Clock.GetUtcNow().AddMinutes(-1), default)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_message_whose_attempts_all_ended_their_process_becomes_a_dead_letter_and_its_handler_does_not_run_again()
    {
        static void Know(IServiceCollection services) => services.AddOutboxHandler<New, HandleNew>("tests.handle_new");
        await using var dying = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" }, Know);
        var studio = await dying.StudioAsync();
        var test = Guid.NewGuid().ToString();
        await dying.PublishAsync(studio, new New(test));
        await using (var scope = dying.Services.CreateAsyncScope())
        {
            // What two processes leave behind that died while they handled it.
            var store = scope.ServiceProvider.GetRequiredService<OutboxStore>();
            (await ClaimAsync(store, dying)).Should().NotBeNull();
            dying.Clock.Advance(TimeSpan.FromMinutes(2));
            (await ClaimAsync(store, dying))!.Attempts.Should().Be(2);
        }

        await using var next = await dying.SiblingAsync(Know, ("Outbox:MaxAttempts", "2"));
        next.Clock.Advance(TimeSpan.FromMinutes(4));
        await ApiHost.EventuallyAsync(async () => (await MessageAsync(dying, New.EventName)).DeadAt is not null, "it is a dead letter");

        (await MessageAsync(dying, New.EventName)).LastError.Should().Be("The process ended during the last attempt.");
        OutboxJournal.Of(test).Should().Equal($"given up in {studio.Id}: no error");
        (await next.Platform.GetAsync("/v1/platform/dead-letters")).ShouldBe(200).Body!["data"]!.AsArray().Should().ContainSingle();
    }

    [Fact]
    public async Task A_photo_whose_processing_ended_each_process_fails_and_can_be_tried_again()
    {
        await using var dying = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" });
        var gallery = await (await dying.StudioAsync()).GalleryAsync();
        var photo = (await gallery.UploadAsync(("a.jpg", PhotoClients.NewJpeg()))).ShouldBe(201).Body!["results"]![0]!["photo"]!["id"]!.GetValue<string>();
        await using (var scope = dying.Services.CreateAsyncScope())
        {
            // The gallery has a message, too.
            var store = scope.ServiceProvider.GetRequiredService<OutboxStore>();
            while (await ClaimAsync(store, dying) is { } claimed && claimed.Event != PhotoProcessingAsked.EventName)
            {
            }
        }

        await using var next = await dying.SiblingAsync(("Outbox:MaxAttempts", "1"));
        next.Clock.Advance(TimeSpan.FromMinutes(2));
        var failed = await gallery.SettledAsync(photo);
        var again = await gallery.Studio.Api.PostAsync($"/v1/photos/{photo}/retry");

        (failed["status"]!.GetValue<string>(), failed["failure"]!["code"]!.GetValue<string>()).Should().Be(("failed", "processing_failed"));
        again.ShouldBe(200);
        (await gallery.SettledAsync(photo))["status"]!.GetValue<string>().Should().Be("ready");
    }

    [Fact]
    public async Task A_process_that_stops_gives_its_message_and_the_attempt_back()
    {
        await using var other = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" });
        var studio = await other.StudioAsync();
        var test = Guid.NewGuid().ToString();
        await using (await other.SiblingAsync(services => services.AddOutboxHandler<New, Waiting>("tests.wait")))
        {
            await other.PublishAsync(studio, new New(test));
            await ApiHost.EventuallyAsync(() => Task.FromResult(OutboxJournal.Of(test).Contains("waiting")), "the handler runs");
            (await MessageAsync(other, New.EventName)).LeaseOwner.Should().NotBeNull();
        }

        var left = await MessageAsync(other, New.EventName);
        (left.Attempts, left.LeaseOwner, left.LeaseUntil, left.DoneAt, left.LastError).Should().Be((0, null, null, null, null));
        await using var next = await other.SiblingAsync(services => services.AddOutboxHandler<New, HandleNew>("tests.handle_new"));
        await ApiHost.EventuallyAsync(() => Task.FromResult(OutboxJournal.Of(test).Length > 1), "the next process does it");
        OutboxJournal.Of(test).Should().Equal("waiting", "new, attempt 1");
    }

    [Fact]
    public async Task A_failure_that_cannot_be_recorded_ends_as_a_dead_letter_all_the_same()
    {
        await using var host = await ApiHost.StartAsync(
            new() { ["Outbox:MaxAttempts"] = "2", ["Outbox:BackoffMilliseconds"] = "10" }, services => services.AddOutboxHandler<New, Failing>("tests.fail"));
        var studio = await host.StudioAsync();
        var test = Guid.NewGuid().ToString();

        await host.PublishAsync(studio, new New(test));

        await ApiHost.EventuallyAsync(async () => (await MessageAsync(host, New.EventName)).DeadAt is not null, "it is a dead letter");
        var dead = await MessageAsync(host, New.EventName);
        (dead.Attempts, dead.LastError).Should().Be((2, "InvalidOperationException: It never works."));
        OutboxJournal.Of(test).Should().Equal("given up: It never works.");
    }

    private static Task<OutboxMessage?> ClaimAsync(OutboxStore store, ApiHost host) => store.ClaimAsync("worker", host.Clock.GetUtcNow(), TimeSpan.FromMinutes(1), default);

    private static async Task<OutboxMessage> MessageAsync(ApiHost host, string happened)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().Set<OutboxMessage>().AsNoTracking().SingleAsync(m => m.Event == happened);
    }
}
