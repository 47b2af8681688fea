using FluentAssertions;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Galleries;

public sealed class VisitorLimitTests
{
    [Fact]
    [Trait("Database", "Provider")]
    public async Task A_thousand_guests_behind_one_address_get_into_one_gallery_within_an_hour()
    {
        var defaults = new UnlockOptions();
        await using var host = await ApiHost.StartAsync(new()
        {
            ["Galleries:Unlock:FailuresPerAddress"] = $"{defaults.FailuresPerAddress}",
            ["Galleries:Unlock:FailuresPerAddressEverywhere"] = $"{defaults.FailuresPerAddressEverywhere}",
            ["Galleries:Unlock:VisitorsPerAddress"] = $"{defaults.VisitorsPerAddress}",
        });
        var gallery = await (await host.StudioAsync()).GalleryAsync("111222");
        var visitors = new HashSet<string>();

        for (var guest = 1; guest <= 1_000; guest++)
        {
            // Every tenth mistypes first.
            if (guest % 10 == 0)
            {
                (await gallery.UnlockAsync(new { pin = "111223" })).ShouldBeProblem(403, "wrong_pin");
            }

            visitors.Add((await gallery.UnlockAsync()).ShouldBe(200)["visitorId"]);
        }

        visitors.Should().HaveCount(1_000);
    }

    [Fact]
    public async Task One_address_makes_only_so_many_visitors_at_a_gallery_and_at_all_together()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Galleries:Unlock:VisitorsPerGallery"] = "2", ["Galleries:Unlock:VisitorsPerAddress"] = "5" });
        var studio = await host.StudioAsync();
        var entered = new List<(GalleryClient Gallery, string Token)>();
        for (var i = 0; i < 4; i++)
        {
            var gallery = await studio.GalleryAsync(title: $"Gallery {i}");
            for (var guest = 0; guest < 3; guest++)
            {
                var answer = await gallery.UnlockAsync();
                if (answer.Status == 200)
                {
                    entered.Add((gallery, answer["token"]));
                }
                else
                {
                    answer.ShouldBeProblem(429, "too_many_attempts").Headers.Should().ContainKey("Retry-After");
                }
            }
        }

        entered.Should().HaveCount(5, "two at each of two galleries, and one at the third");
        // Who is in stays in.
        (await entered[0].Gallery.UnlockAsync(new { visitorToken = entered[0].Token })).ShouldBe(200);
        host.Clock.Advance(TimeSpan.FromMinutes(61));
        (await (await studio.GalleryAsync(title: "Later")).UnlockAsync()).ShouldBe(200);
    }
}
