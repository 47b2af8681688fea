using FluentAssertions;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Xunit;

namespace Proofsheet.Api.Tests.Kernel;

/// <summary>Lists in the order in which their rows were created.</summary>
[Trait("Database", "Provider")]
public sealed class PagingTests(ApiHost api)
{
    [Fact]
    public async Task A_list_is_cut_at_two_times_the_first_included_and_the_second_not()
    {
        var studio = await api.StudioAsync();
        var made = new List<(string Id, string At)>();
        for (var i = 0; i < 4; i++)
        {
            var watermark = (await studio.Api.PostAsync("/v1/watermarks", new { name = $"{i}", type = "text", text = "PROOF" })).ShouldBe(201);
            made.Add((watermark["id"], watermark["createdAt"]));
            // Times have a precision of a millisecond.
            await ApiHost.EventuallyAsync(() => Task.FromResult(DateTimeOffset.UtcNow > DateTimeOffset.Parse(made[^1].At).AddMilliseconds(2)), "the next one is later");
        }

        (await IdsAsync($"createdAfter={made[1].At}&createdBefore={made[3].At}")).Should().Equal(made[2].Id, made[1].Id);
        (await IdsAsync($"createdAfter={made[3].At}")).Should().Equal(made[3].Id);
        (await IdsAsync($"createdBefore={made[0].At}")).Should().BeEmpty();
        (await IdsAsync("createdAfter=1950-01-01T00:00:00Z&createdBefore=2950-01-01T00:00:00%2B02:00")).Should().HaveCount(4);

        async Task<List<string>> IdsAsync(string query) =>
            [.. (await studio.Api.GetAsync($"/v1/watermarks?{query}")).ShouldBe(200).Body!["data"]!.AsArray().Select(w => w!["id"]!.GetValue<string>())];
    }

    [Fact]
    public async Task A_cursor_is_of_the_list_between_its_times()
    {
        var studio = await api.StudioAsync();
        for (var i = 0; i < 3; i++)
        {
            (await studio.Api.PostAsync("/v1/watermarks", new { name = $"{i}", type = "text", text = "PROOF" })).ShouldBe(201);
        }

        const string after = "createdAfter=2020-01-01T00:00:00Z";
        var page = (await studio.Api.GetAsync($"/v1/watermarks?limit=2&{after}")).ShouldBe(200);

        (await studio.Api.GetAsync($"/v1/watermarks?{after}&cursor={page["nextCursor"]}")).ShouldBe(200).Body!["data"]!.AsArray().Should().HaveCount(1);
        (await studio.Api.GetAsync($"/v1/watermarks?cursor={page["nextCursor"]}")).ShouldBeProblem(400, "invalid_cursor");
    }

    [Theory]
    [InlineData("position")]
    [InlineData("taken_at")]
    [InlineData("name")]
    public async Task Photos_are_cut_at_two_times_in_every_order(string sort)
    {
        var shop = await Shop.OpenAsync(api);
        var made = new List<(string Id, string At)>();
        for (var i = 0; i < 3; i++)
        {
            var photo = await shop.PhotoAsync($"{i}.jpg");
            made.Add((photo, (await shop.Studio.Api.GetAsync($"/v1/photos/{photo}")).ShouldBe(200)["createdAt"]));
            await ApiHost.EventuallyAsync(() => Task.FromResult(DateTimeOffset.UtcNow > DateTimeOffset.Parse(made[^1].At).AddMilliseconds(2)), "the next one is later");
        }

        (await IdsAsync($"createdAfter={made[1].At}&createdBefore={made[2].At}")).Should().Equal(made[1].Id);
        (await IdsAsync($"createdBefore={made[2].At}")).Should().BeEquivalentTo(made[0].Id, made[1].Id);

        async Task<List<string>> IdsAsync(string query) =>
            [.. (await shop.Studio.Api.GetAsync($"{shop.Gallery.Path}/photos?sort={sort}&{query}")).ShouldBe(200).Body!["data"]!.AsArray().Select(p => p!["id"]!.GetValue<string>())];
    }

    [Theory]
    [InlineData("createdAfter=2026-01-01")]
    [InlineData("createdAfter=2026-01-01T00:00:00")]
    [InlineData("createdBefore=yesterday")]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    public async Task What_is_no_time_or_limit_is_refused(string query) =>
        (await (await api.StudioAsync()).Api.GetAsync($"/v1/watermarks?{query}")).Status.Should().Be(400);

    [Fact]
    public void The_first_id_of_a_time_lies_between_those_of_before_and_those_of_then()
    {
        var time = DateTimeOffset.Parse("2026-05-30T12:00:00.123Z");
        var first = Id<Gallery>.First(time);

        for (var i = 0; i < 1_000; i++)
        {
            Id<Gallery>.New(time).Should().BeGreaterThan(first);
            Id<Gallery>.New(time.AddMilliseconds(-1)).Should().BeLessThan(first);
            string.CompareOrdinal(Id<Gallery>.New(time).ToStored(), first.ToStored()).Should().BePositive("databases compare the text");
        }
    }
}
