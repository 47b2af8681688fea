using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Photos.Processing;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Maintenance;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Storage;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Commands;

/// <summary>Lost objects are recreated from what remains, and nothing else is touched.</summary>
[Trait("Database", "Provider")]
public sealed class VerifyRepairTests(ApiHost api)
{
    private IObjectStore Store => api.Services.GetRequiredService<IObjectStore>();

    [Theory]
    [InlineData("master.jpg", null)]
    [InlineData("300.jpg", null)]
    [InlineData("300.jpg", new byte[] { 1 })]
    public async Task A_photo_that_lost_a_picture_is_processed_again_from_its_original(string file, byte[]? instead)
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var ready = await gallery.ReadyAsync("picture.jpg", bytes);
        var photo = ready.Id();
        ready["caption"]!.GetValue<string>().Should().StartWith("Picture ", "the file says so");
        (await gallery.Studio.Api.PatchAsync($"/v1/photos/{photo}", new { caption = (string?)null })).ShouldBe(200);
        var lost = Made(gallery.Studio, photo, file);
        await SpoilAsync(lost, instead);

        var report = await api.VerifyAsync(Tenant(gallery.Studio), repair: true);

        report.Findings.Should().Equal(new StoreFinding(gallery.Studio.Id, lost.Value, instead is null ? "missing" : "wrong_length", ObjectRepair.AskedFor));
        var again = await gallery.SettledAsync(photo);
        again["status"]!.GetValue<string>().Should().Be("ready");
        again["caption"].Should().BeNull("the studio took it away");
        (await Store.ExistsAsync(Made(gallery.Studio, photo, file, version: 2))).Should().BeTrue();
        (await gallery.Studio.Api.GetAsync($"/v1/photos/{photo}/original")).ShouldBe(200).Bytes.Should().Equal(bytes);
        (await api.VerifyAsync(Tenant(gallery.Studio), repair: true)).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task The_command_says_of_each_finding_what_came_of_its_repair()
    {
        await using var host = await ApiHost.StartAsync();
        var (studio, bytes) = (await host.StudioAsync(), PhotoClients.NewJpeg());
        var (gallery, other) = (await studio.GalleryAsync(), await studio.GalleryAsync());
        var store = host.Services.GetRequiredService<IObjectStore>();
        var (twin, photo, alone) = ((await gallery.ReadyAsync("a.jpg", bytes)).Id(), (await other.ReadyAsync("b.jpg", bytes)).Id(), (await gallery.ReadyAsync("c.jpg")).Id());
        await store.DeleteAsync(Original(studio, photo));

        var repaired = await host.CommandAsync("verify", "--repair", "--json");
        var again = await host.CommandAsync("verify", "--repair");
        await store.DeleteAsync(Original(studio, alone));
        var left = await host.CommandAsync("verify", "--repair");

        repaired.Code.Should().Be(0, "{0}", repaired);
        var finding = JsonNode.Parse(repaired.Output)!["findings"]!.AsArray().Should().ContainSingle().Subject!;
        (finding["key"]!.GetValue<string>(), finding["repair"]!.GetValue<string>()).Should().Be((Original(studio, photo).Value, "repaired"));
        (await studio.Api.GetAsync($"/v1/photos/{photo}/original")).ShouldBe(200).Bytes.Should().Equal(bytes);
        again.Code.Should().Be(0, "{0}", again);
        again.Output.Should().Contain(" 0 are wrong").And.NotContain("repaired");
        left.Code.Should().Be(1);
        left.Output.Should().MatchRegex($"missing +cannot be +{Original(studio, alone).Value}").And.Contain("1 cannot be made of what is there");
        (await studio.Api.GetAsync($"/v1/photos/{twin}/original")).ShouldBe(200).Bytes.Should().Equal(bytes);
    }

    [Fact]
    public async Task Without_an_intact_twin_an_original_stays_lost_and_its_photo_as_it_is()
    {
        var (studio, bytes) = (await api.StudioAsync(), PhotoClients.NewJpeg());
        var (gallery, other) = (await studio.GalleryAsync(), await studio.GalleryAsync());
        var (twin, photo) = ((await other.ReadyAsync("a.jpg", bytes)).Id(), (await gallery.ReadyAsync("b.jpg", bytes)).Id());
        bytes[^3] ^= 1;
        await SpoilAsync(Original(studio, twin), bytes);
        await SpoilAsync(Original(studio, photo), null);
        await SpoilAsync(Made(studio, photo, "300.jpg"), null);

        var report = await api.VerifyAsync(Tenant(studio), repair: true);

        report.Findings.Select(f => (f.Problem, f.Repair)).Should().Equal(("wrong_content", ObjectRepair.Impossible), ("missing", ObjectRepair.Impossible), ("missing", ObjectRepair.Impossible));
        (await studio.Api.GetAsync($"/v1/photos/{photo}"))["status"].Should().Be("ready");
        (await Store.ExistsAsync(Original(studio, photo))).Should().BeFalse();
    }

    [Fact]
    public async Task A_bought_file_and_its_original_stand_in_for_each_other()
    {
        var (shop, photo, copy) = await BoughtAsync(s => s.Full);
        var original = Original(shop.Studio, photo);
        var bytes = await BytesAsync(original);

        foreach (var lost in new[] { copy, original })
        {
            await SpoilAsync(lost, bytes[..^1]);
            var report = await api.VerifyAsync(Tenant(shop.Studio), repair: true);

            report.Findings.Should().Equal(new StoreFinding(shop.Studio.Id, lost.Value, "wrong_length", ObjectRepair.Repaired));
            (await BytesAsync(lost)).Should().Equal(bytes);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_bought_web_file_is_copied_from_the_rendition_as_it_is_by_now(bool isAnother)
    {
        var (shop, photo, copy) = await BoughtAsync(s => s.Web);
        var rendition = Made(shop.Studio, photo, "2048.jpg");
        await SpoilAsync(copy, null);
        if (isAnother)
        {
            // As a newer version of the libraries would make it: the same length, but different bytes.
            var other = await BytesAsync(rendition);
            other[^3] ^= 1;
            await SpoilAsync(rendition, other);
        }

        var report = await api.VerifyAsync(Tenant(shop.Studio), repair: true);

        report.Findings.Should().Equal(new StoreFinding(shop.Studio.Id, copy.Value, "missing", ObjectRepair.Repaired));
        (await BytesAsync(copy)).Should().Equal(await BytesAsync(rendition));
        (await api.VerifyAsync(Tenant(shop.Studio))).Findings.Should().BeEmpty("the grant says what the copy holds");
        var order = await shop.InDatabaseAsync(db => db.Set<DownloadGrant>().Select(g => g.OrderId).SingleAsync());
        var item = (await shop.Api.GetAsync($"/v1/orders/{order}/downloads")).ShouldBe(200).Body!["data"]![0]!;
        (await api.Client(null).GetAsync(item["url"]!.GetValue<string>())).ShouldBe(200).Bytes.Should().Equal(await BytesAsync(rendition));
    }

    [Fact]
    public async Task A_lost_logo_is_set_by_its_studio_again()
    {
        var studio = await api.StudioAsync();
        await api.InScopeAsync(studio.Id, async services =>
        {
            var db = services.GetRequiredService<Proofsheet.Api.Data.ProofsheetDb>();
            (await db.BrandingToChangeAsync(default)).LogoSha256 = new string('a', 64);
            return await db.SaveChangesAsync();
        });

        (await api.VerifyAsync(Tenant(studio), repair: true)).Findings.Should().ContainSingle().Which.Repair.Should().Be(ObjectRepair.Impossible);
    }

    [Fact]
    public async Task What_was_asked_for_is_not_asked_for_again()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" });
        var shop = await Shop.OpenAsync(host);
        // Two of its files are missing: the master and the WebP.
        await shop.PhotoAsync();

        for (var i = 0; i < 2; i++)
        {
            var report = await host.VerifyAsync(Tenant(shop.Studio), repair: true);
            report.Findings.Select(f => f.Repair).Should().Equal(ObjectRepair.AskedFor, ObjectRepair.AskedFor);
        }

        (await shop.InDatabaseAsync(db => db.Set<OutboxMessage>().CountAsync(m => m.Event == PhotoProcessingAsked.EventName))).Should().Be(1);
    }

    [Fact]
    public async Task What_the_studio_changes_during_a_repair_stays_changed()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var photo = (await gallery.ReadyAsync()).Id();
        await SpoilAsync(Made(gallery.Studio, photo, "300.jpg"), null);
        var (store, opened) = (new HookedStore(Store), 0);
        // The first open is the verification itself, the second comes before processing: the row has been read by then.
        store.BeforeOpen = async key =>
        {
            if (key == Original(gallery.Studio, photo) && ++opened == 2)
            {
                (await gallery.Studio.Api.PatchAsync($"/v1/photos/{photo}", new { title = "Mine" })).ShouldBe(200);
            }
        };

        var report = await api.VerifyAsync(Tenant(gallery.Studio), store, repair: true);

        report.Findings.Should().ContainSingle().Which.Repair.Should().Be(ObjectRepair.AskedFor);
        opened.Should().Be(3, "the row was read again");
        var after = await gallery.SettledAsync(photo);
        (after["status"]!.GetValue<string>(), after["title"]!.GetValue<string>()).Should().Be(("ready", "Mine"));
    }

    /// <summary>A photo that someone has paid for, and its copy.</summary>
    private async Task<(Shop Shop, string Photo, ObjectKey Copy)> BoughtAsync(Func<Shop, string> product)
    {
        var shop = await Shop.OpenAsync(api);
        var photo = (await shop.Gallery.ReadyAsync()).Id();
        var order = await shop.OrderAsync(product(shop), photo);
        (await shop.PayAsync(order)).ShouldBe(200);
        await ApiHost.EventuallyAsync(async () => await shop.StateAsync(order) == "completed", "the file is granted");
        return (shop, photo, ObjectKey.Parse(await shop.InDatabaseAsync(db => db.Set<DownloadGrant>().Select(g => g.ObjectKey).SingleAsync())));
    }

    private static Id<Tenant> Tenant(StudioClient studio) => Id<Tenant>.Parse(studio.Id, null);

    private static ObjectKey Original(StudioClient studio, string photo) => PhotoFiles.Original(Tenant(studio), Id<Photo>.Parse(photo, null));

    private static ObjectKey Made(StudioClient studio, string photo, string file, int version = 1) =>
        ObjectKey.Of(Tenant(studio).ToStored(), PhotoFiles.Folder, Id<Photo>.Parse(photo, null).ToStored(), PhotoFiles.Version(version), file);

    private Task SpoilAsync(ObjectKey key, byte[]? instead) => instead is null ? Store.DeleteAsync(key) : Store.PutAsync(key, new MemoryStream(instead));

    private async Task<byte[]> BytesAsync(ObjectKey key)
    {
        await using var reader = await Store.OpenAsync(key);
        var bytes = new MemoryStream();
        await reader!.Content.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
