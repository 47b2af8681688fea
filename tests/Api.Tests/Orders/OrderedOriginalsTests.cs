using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Xunit;

namespace Proofsheet.Api.Tests.Orders;

/// <summary>A photo that was deleted after it was ordered.</summary>
[Trait("Database", "Provider")]
public sealed class OrderedOriginalsTests
{
    [Fact]
    public async Task The_original_of_a_deleted_photo_stays_until_its_print_is_done()
    {
        await using var host = await ApiHost.StartAsync();
        var shop = await Shop.OpenAsync(host);
        var (ordered, other) = (await shop.PhotoAsync("ordered.jpg"), await shop.PhotoAsync("other.jpg"));
        var order = await shop.OrderAsync(shop.Print, ordered);
        (await shop.PayAsync(order)).ShouldBe(200);
        await shop.PaidAsync(order);
        foreach (var photo in new[] { ordered, other })
        {
            (await shop.Studio.Api.DeleteAsync($"/v1/photos/{photo}")).ShouldBe(204);
        }

        host.Clock.Advance(Photo.DeletedFor + TimeSpan.FromHours(1));
        await host.QuietAsync(shop.Studio.Id);
        (await IsPurgedAsync(shop, ordered), await IsPurgedAsync(shop, other)).Should().Be((false, true));

        var item = (await shop.Studio.Api.GetAsync($"/v1/orders/{order}")).ShouldBe(200).Body!["items"]![0]!["id"]!.GetValue<string>();
        (await shop.Studio.Api.PatchAsync($"/v1/orders/{order}/items/{item}", new { status = "completed" })).ShouldBe(200);
        host.Clock.Advance(OrderedOriginals.Pause + TimeSpan.FromHours(1));
        await host.QuietAsync(shop.Studio.Id);
        (await IsPurgedAsync(shop, ordered)).Should().BeTrue();
    }

    private static Task<bool> IsPurgedAsync(Shop shop, string photo) => shop.Host.InScopeAsync(shop.Studio.Id, services =>
        services.GetRequiredService<ProofsheetDb>().Set<Photo>().AnyAsync(p => p.Id == Id<Photo>.Parse(photo, null) && p.PurgedAt != null));
}
