using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>Which objects each module's rows need: all of them, in an order that can be resumed.</summary>
[Trait("Database", "Provider")]
public sealed class NamedObjectsTests(ApiHost api)
{
    [Fact]
    public async Task Behind_each_object_come_those_that_came_behind_it_before()
    {
        var shop = await FilledAsync();

        var rooms = await ReferencesAsync(shop);

        rooms.Count(all => all.Count > 0).Should().Be(3, "there are photos, copies for downloads and a logo");
        foreach (var (room, all) in rooms.Index())
        {
            for (var i = 0; i < all.Count; i++)
            {
                (await ReferencesAsync(shop, all[i].Key))[room].Should().Equal(all[(i + 1)..], "{0} was the last", all[i].Key);
            }
        }
    }

    [Fact]
    public async Task Behind_a_photo_that_is_gone_come_those_that_came_behind_it()
    {
        var shop = await FilledAsync();
        var all = Photos(await ReferencesAsync(shop));
        var (gone, next) = (PhotoOf(all[0].Key), all.FindIndex(n => PhotoOf(n.Key) != PhotoOf(all[0].Key)));
        await shop.InDatabaseAsync(async db =>
        {
            var photo = await db.Set<Photo>().SingleAsync(p => p.Id == Id<Photo>.FromStored(gone));
            photo.Purge(TimeProvider.System.GetUtcNow());
            return await db.SaveChangesAsync();
        });

        Photos(await ReferencesAsync(shop, all[1].Key)).Should().Equal(all[next..]);
    }

    [Fact]
    public async Task Of_a_photo_that_was_processed_again_all_is_named()
    {
        var shop = await FilledAsync();
        var all = Photos(await ReferencesAsync(shop));
        await shop.InDatabaseAsync(db => db.SetAsync<Photo>(_ => true, nameof(Photo.RenditionVersion), 2));

        var behind = Photos(await ReferencesAsync(shop, all[2].Key));

        behind.Should().HaveCount(all.Count);
        behind.Where(n => n.Key.Value.Contains("/v2/", StringComparison.Ordinal)).Should().NotBeEmpty();
    }

    /// <summary>Two photos, both bought, and a logo.</summary>
    private async Task<Shop> FilledAsync()
    {
        var shop = await Shop.OpenAsync(api);
        foreach (var photo in await shop.Gallery.ReadyAsync(2))
        {
            var order = await shop.OrderAsync(shop.Web, photo.Id());
            (await shop.PayAsync(order)).ShouldBe(200);
            await ApiHost.EventuallyAsync(async () => await shop.StateAsync(order) == "completed", "the files are granted");
        }

        await shop.InDatabaseAsync(async db =>
        {
            (await db.BrandingToChangeAsync(default)).LogoSha256 = new string('a', 64);
            return await db.SaveChangesAsync();
        });
        return shop;
    }

    private static List<ObjectReference> Photos(List<List<ObjectReference>> rooms) => rooms.Single(room => room.Exists(n => n.Key.Value.EndsWith("/original", StringComparison.Ordinal)));

    /// <summary>The references of each module, after the given object where it belongs to that module.</summary>
    private static Task<List<List<ObjectReference>>> ReferencesAsync(Shop shop, ObjectKey? after = null) => shop.Host.InScopeAsync(shop.Studio.Id, async services =>
    {
        var studio = Id<Tenant>.Parse(shop.Studio.Id, null);
        var rooms = new List<List<ObjectReference>>();
        foreach (var names in services.GetServices<IObjectReferenceSource>())
        {
            var named = new List<ObjectReference>();
            await foreach (var item in names.ReferencesAsync(studio, default, after is { } key && names.PrefixOf(studio).Covers(key) ? key : null, default))
            {
                named.Add(item);
            }

            rooms.Add(named);
        }

        return rooms;
    });

    private static string PhotoOf(ObjectKey key) => key.Value.Split('/')[2];
}
