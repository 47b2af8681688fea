using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Access;

public sealed class AccountLimitTests
{
    [Fact]
    public async Task Requests_are_counted_by_account_and_client_and_not_by_token()
    {
        await using var host = await ApiHost.StartAsync(new() { ["RateLimits:UserPerHour"] = "3" });
        var studio = await host.StudioAsync();
        var (one, two) = (await studio.MemberAsync("viewer"), await studio.MemberAsync("viewer"));

        Task<ApiAnswer> Call(MemberClient member, string client) =>
            host.Client(host.Authority.Token(member.Subject, studio.Slug, "galleries:read", c => c["client_id"] = client)).GetAsync("/v1/galleries");

        for (var i = 0; i < 3; i++)
        {
            (await Call(one, "dashboard")).ShouldBe(200);
        }

        (await Call(one, "dashboard")).ShouldBeProblem(429, "rate_limited").Headers["RateLimit-Limit"].Should().Be("3");
        (await Call(one, "telephone")).ShouldBe(200);
        (await Call(two, "dashboard")).ShouldBe(200);
    }
}
