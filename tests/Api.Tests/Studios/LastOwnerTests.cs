using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Studios;

/// <summary>A studio never loses its last owner.</summary>
[Trait("Database", "Provider")]
public sealed class LastOwnerTests(ApiHost api)
{
    [Fact]
    public async Task The_last_owner_stays()
    {
        var studio = await api.StudioAsync();
        var owner = await studio.MemberAsync("owner");
        await studio.MemberAsync("admin");
        var id = await MemberTests.IdAsync(studio, owner);

        (await owner.Account.DeleteAsync($"/v1/studios/{studio.Id}/membership")).ShouldBeProblem(409, "last_owner");
        (await owner.Api.DeleteAsync($"/v1/members/{id}")).ShouldBeProblem(409, "last_owner");
        (await owner.Api.PatchAsync($"/v1/members/{id}", new { role = "admin" })).ShouldBeProblem(409, "last_owner");
    }

    [Fact]
    public async Task Two_owners_who_leave_at_the_same_moment_do_not_both_go()
    {
        for (var round = 0; round < 5; round++)
        {
            var studio = await api.StudioAsync();
            var owners = new[] { await studio.MemberAsync("owner"), await studio.MemberAsync("owner"), await studio.MemberAsync("owner") };

            var answers = await Task.WhenAll(owners.Select(o => o.Account.DeleteAsync($"/v1/studios/{studio.Id}/membership")));

            var left = (await studio.Api.GetAsync("/v1/members")).Body!["data"]!.AsArray().Count;
            left.Should().BeGreaterThan(0, string.Join(", ", answers.Select(a => a.Status)));
            answers.Count(a => a.Status == 204).Should().Be(3 - left);
            answers.Where(a => a.Status != 204).Select(a => a.Status).Should().AllBeEquivalentTo(409);
        }
    }

    [Fact]
    public async Task An_owner_who_leaves_while_another_one_is_leaving_does_not_leave_the_studio_without_any()
    {
        // The check whether the studio has another owner.
        var meanwhile = new AfterStatement("EXISTS", "role");
        await using var host = await ApiHost.StartAsync(services: meanwhile.Watch);
        var studio = await host.StudioAsync();
        var first = await studio.MemberAsync("owner");
        var second = await studio.MemberAsync("owner");

        // The second owner leaves right after the first one's request has seen that the second one stays.
        ApiAnswer? other = null;
        meanwhile.Do(async () => other = await second.Account.DeleteAsync($"/v1/studios/{studio.Id}/membership"));
        var answer = await first.Account.DeleteAsync($"/v1/studios/{studio.Id}/membership");

        other!.ShouldBe(204);
        answer.Status.Should().Be(409);
        (await studio.Api.GetAsync("/v1/members")).Body!["data"]!.AsArray().Should().ContainSingle();
    }
}
