using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Access;

public sealed class ConcurrencyLimitTests
{
    private static readonly Id<Tenant> A = Id<Tenant>.New(DateTimeOffset.UnixEpoch);
    private static readonly Id<Tenant> B = Id<Tenant>.New(DateTimeOffset.UnixEpoch.AddDays(1));

    [Fact]
    public async Task Beyond_its_limit_a_caller_waits_and_goes_on_when_a_request_ends()
    {
        using var requests = Requests(perCaller: 2, waiting: 1);
        using var first = await requests.EnterAsync(Request("key 1", A));
        using var second = await requests.EnterAsync(Request("key 1", A));
        var third = requests.EnterAsync(Request("key 1", A)).AsTask();

        using var fourth = await requests.EnterAsync(Request("key 1", A));
        fourth!.IsAcquired.Should().BeFalse("one waits already");
        third.IsCompleted.Should().BeFalse();
        first!.Dispose();
        (await third)!.IsAcquired.Should().BeTrue();
    }

    [Fact]
    public async Task A_wait_that_runs_out_is_refused_and_leaves_its_place()
    {
        using var requests = Requests(perCaller: 1, waiting: 1, milliseconds: 100);
        using var first = await requests.EnterAsync(Request("key 1", A));

        (await requests.EnterAsync(Request("key 1", A)))!.IsAcquired.Should().BeFalse();
        (await requests.EnterAsync(Request("key 1", A)))!.IsAcquired.Should().BeFalse("it could wait, too, and did");
        first!.Dispose();
        (await requests.EnterAsync(Request("key 1", A)))!.IsAcquired.Should().BeTrue();
    }

    [Fact]
    public async Task Callers_studios_and_uploads_do_not_take_each_others_places()
    {
        using var requests = Requests(perCaller: 1, perStudio: 2, waiting: 0);
        using var first = await requests.EnterAsync(Request("key 1", A));
        using var visitor = await requests.EnterAsync(Request("visitor", A));

        (await requests.EnterAsync(Request("another visitor", A)))!.IsAcquired.Should().BeFalse("two of the studio are running");
        (await requests.EnterAsync(Request("key 1", A, new Receiving())))!.IsAcquired.Should().BeTrue("an upload has its own limit");
        (await requests.EnterAsync(Request("key 2", B)))!.IsAcquired.Should().BeTrue();
        (await requests.EnterAsync(Request("key 1", A, new NotRateLimited()))).Should().BeNull("it does not count");
        (await requests.EnterAsync(Request("key 1", A, new EndlessAnswer()))).Should().BeNull("it would count forever");
        visitor!.Dispose();
        (await requests.EnterAsync(Request("another visitor", A)))!.IsAcquired.Should().BeTrue();
    }

    [Fact]
    public async Task A_request_that_its_studio_refuses_takes_no_place_of_its_caller()
    {
        using var requests = Requests(perCaller: 1, perStudio: 1, waiting: 0);
        using var first = await requests.EnterAsync(Request("key 1", A));
        using (var refused = await requests.EnterAsync(Request("key 2", A)))
        {
            refused!.IsAcquired.Should().BeFalse();
        }

        first!.Dispose();
        (await requests.EnterAsync(Request("key 2", A)))!.IsAcquired.Should().BeTrue();
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Refused_requests_are_answered_503_with_a_time_and_others_are_answered()
    {
        await using var host = await ApiHost.StartAsync(new()
        {
            ["Concurrency:PerCaller"] = "1", ["Concurrency:MaxWaiting"] = "1", ["Concurrency:WaitMilliseconds"] = "60000", ["Outbox:Enabled"] = "false",
        });
        var studio = await host.StudioAsync();
        await studio.GalleryAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => studio.Api.GetAsync("/v1/galleries")));

        answers.Select(a => a.Status).Should().OnlyContain(status => status == 200 || status == 503).And.Contain(200).And.Contain(503);
        foreach (var refused in answers.Where(a => a.Status == 503))
        {
            refused.ShouldBeProblem(503, "too_many_concurrent_requests");
            refused.Headers["Retry-After"].Should().Be("2");
        }

        (await studio.Api.GetAsync("/v1/galleries")).ShouldBe(200);
    }

    private sealed class Receiving : IReceivesFiles;

    private static ConcurrencyLimiting.ConcurrentRequests Requests(int perCaller, int perStudio = 100, int waiting = 0, int milliseconds = 60_000) =>
        new(new ConcurrencyOptions { PerCaller = perCaller, PerStudio = perStudio, UploadsPerCaller = 1, MaxWaiting = waiting, WaitMilliseconds = milliseconds });

    private static DefaultHttpContext Request(string name, Id<Tenant> studio, params object[] metadata)
    {
        var services = new ServiceCollection().AddScoped<Caller>().AddScoped<TenantContext>().BuildServiceProvider();
        services.GetRequiredService<Caller>().Identify(CallerType.Secret, name, []);
        services.GetRequiredService<TenantContext>().Set(studio);
        var http = new DefaultHttpContext { RequestServices = services };
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(metadata), name));
        return http;
    }
}
