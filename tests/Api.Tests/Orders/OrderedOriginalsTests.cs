using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
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
        (await IsThereAsync(shop, ordered), await IsThereAsync(shop, other)).Should().Be((true, false));

        var item = (await shop.Studio.Api.GetAsync($"/v1/orders/{order}")).ShouldBe(200).Body!["items"]![0]!["id"]!.GetValue<string>();
        (await shop.Studio.Api.PatchAsync($"/v1/orders/{order}/items/{item}", new { status = "completed" })).ShouldBe(200);
        host.Clock.Advance(OrderedOriginals.Pause + TimeSpan.FromHours(1));
        await host.QuietAsync(shop.Studio.Id);
        (await IsThereAsync(shop, ordered)).Should().BeFalse();
    }

    private static Task<bool> IsThereAsync(Shop shop, string photo) => shop.Host.InScopeAsync(shop.Studio.Id, async services =>
        await services.GetRequiredService<IObjectStore>().StatAsync(PhotoFiles.Original(Id<Tenant>.Parse(shop.Studio.Id, null), Id<Photo>.Parse(photo, null))) is not null);
}
