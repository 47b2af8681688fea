using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Auth;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Access;

public sealed class CredentialLookupTests
{
    [Fact]
    public async Task Beyond_its_limit_a_look_up_waits_for_a_turn_and_another_studios_does_not()
    {
        using var lookups = Lookups(atATime: 1, milliseconds: 60_000);
        var first = await lookups.EnterAsync("one", default);
        var second = lookups.EnterAsync("one", default).AsTask();

        using var other = await lookups.EnterAsync("another", default);
        other.Should().NotBeNull();
        second.IsCompleted.Should().BeFalse();
        first!.Dispose();
        (await second).Should().NotBeNull();
    }

    [Fact]
    public async Task A_wait_that_runs_out_is_no_turn_and_one_that_is_canceled_is_canceled()
    {
        using var lookups = Lookups(atATime: 1, milliseconds: 100);
        using var first = await lookups.EnterAsync("one", default);
        (await lookups.EnterAsync("one", default)).Should().BeNull();

        using var gone = new CancellationTokenSource();
        var waiting = lookups.EnterAsync("one", gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_crowd_of_one_studio_is_answered_503_and_another_studios_visitor_is_served()
    {
        var slow = new SlowGate();
        await using var host = await ApiHost.StartAsync(
            new()
            {
                ["Concurrency:LookupsPerStudio"] = "1", ["Concurrency:WaitMilliseconds"] = "300", ["RateLimits:AnonymousPerHour"] = "2", ["Outbox:Enabled"] = "false",
            },
            services => services.AddScoped<IVisitorGate>(provider => slow.Before(ActivatorUtilities.CreateInstance<VisitorGate>(provider))));
        var (crowded, quiet) = (await host.StudioAsync(), await host.StudioAsync());
        var gallery = await crowded.GalleryAsync();
        var visitor = await gallery.VisitorAsync();
        var elsewhere = await quiet.GalleryAsync();
        var bystander = await elsewhere.VisitorAsync();
        slow.Tenant = Id<Tenant>.Parse(crowded.Id, null);

        var held = visitor.Api.GetAsync($"{gallery.Path}/photos");
        await slow.Entered.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        // More often than an anonymous address may call: they do not count as anonymous.
        for (var i = 0; i < 4; i++)
        {
            var refused = await visitor.Api.GetAsync($"{gallery.Path}/photos");
            refused.ShouldBeProblem(503, "too_many_concurrent_requests");
            refused.Headers["Retry-After"].Should().Be("2");
        }

        (await bystander.Api.GetAsync($"{elsewhere.Path}/photos")).ShouldBe(200);
        slow.Open.SetResult();
        (await held).ShouldBe(200);
        (await visitor.Api.GetAsync($"{gallery.Path}/photos")).ShouldBe(200);
    }

    private static CredentialLookups Lookups(int atATime, int milliseconds) =>
        new(Options.Create(new ConcurrencyOptions { LookupsPerStudio = atATime, WaitMilliseconds = milliseconds }));

    /// <summary>Holds the look-ups of one studio until it is opened.</summary>
    private sealed class SlowGate
    {
        public Id<Tenant>? Tenant { get; set; }

        public TaskCompletionSource Entered { get; } = new();

        public TaskCompletionSource Open { get; } = new();

        public IVisitorGate Before(IVisitorGate real) => new Held(this, real);

        private sealed class Held(SlowGate slow, IVisitorGate real) : IVisitorGate
        {
            public async Task<Visit?> AdmitAsync(VisitorGrant grant, CancellationToken cancellation)
            {
                if (grant.Tenant == slow.Tenant)
                {
                    slow.Entered.TrySetResult();
                    await slow.Open.Task;
                }

                return await real.AdmitAsync(grant, cancellation);
            }
        }
    }
}
