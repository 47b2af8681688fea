using System.Text;
using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Exports;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Maintenance;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Xunit;

namespace Proofsheet.Api.Tests.Downloads;

[Trait("Database", "Provider")]
public sealed class ExportTests(ApiHost api)
{
    [Fact]
    public async Task An_export_holds_every_original_in_its_section_with_what_is_known_of_it()
    {
        var shop = await Shop.OpenAsync(api);
        var (one, hidden) = (await shop.PhotoAsync("a.jpg"), await shop.PhotoAsync("a.jpg"));
        var deleted = await shop.PhotoAsync("gone.jpg");
        var section = (await shop.Studio.Api.PostAsync($"{shop.Gallery.Path}/sections", new { title = "Feier" })).ShouldBe(201)["id"];
        (await shop.Studio.Api.PatchAsync($"/v1/photos/{one}", new { sectionId = section, title = "Ja!", caption = "=HYPERLINK(\"http://evil\")", altText = "Zwei, die\n\"ja\" sagen" })).ShouldBe(200);
        (await shop.Studio.Api.PatchAsync($"/v1/photos/{hidden}", new { isHidden = true })).ShouldBe(200);
        (await shop.Studio.Api.DeleteAsync($"/v1/photos/{deleted}")).ShouldBe(204);
        await PlaceAsync(shop, one);
        var selection = (await shop.Api.PostAsync($"{shop.Gallery.Path}/selections", new { name = "Album" })).ShouldBe(201)["id"];
        (await shop.Api.PutAsync($"/v1/selections/{selection}/picks/{one}", new { note = "groß" })).ShouldBe(200);

        var export = await ReadyAsync(shop);

        var whole = (await api.Client(null).GetAsync(export["url"])).ShouldBe(200);
        whole.Bytes.Should().HaveCount((int)export.Body!["bytes"]!.GetValue<long>());
        whole.Headers["Content-Disposition"].Should().Contain($"{shop.Gallery.Slug}-export.zip");
        var files = await VisitorDownloads.UnpackAsync(whole.Bytes);
        files.Keys.Should().Equal("metadata.json", "metadata.csv", "Feier/a.jpg", "a.jpg");
        files["Feier/a.jpg"].Should().Equal(await shop.OriginalAsync(one));
        files["a.jpg"].Should().Equal(await shop.OriginalAsync(hidden));

        var json = JsonNode.Parse(files["metadata.json"])!;
        json["gallery"]!["id"]!.GetValue<string>().Should().Be(shop.Gallery.Id);
        var photo = json["photos"]!.AsArray().Single(p => p!["id"]!.GetValue<string>() == one)!;
        photo["path"]!.GetValue<string>().Should().Be("Feier/a.jpg");
        photo["caption"]!.GetValue<string>().Should().Be("=HYPERLINK(\"http://evil\")");
        photo["gps"]!["latitude"]!.GetValue<double>().Should().Be(-33.5);
        photo["sha256"]!.GetValue<string>().Should().Be(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(files["Feier/a.jpg"])));
        json["selections"]![0]!["picks"]![0]!["note"]!.GetValue<string>().Should().Be("groß");
        files["metadata.json"].Take(3).Should().NotEqual(Encoding.UTF8.GetPreamble());

        files["metadata.csv"].Take(3).Should().Equal(Encoding.UTF8.GetPreamble());
        var csv = Encoding.UTF8.GetString(files["metadata.csv"].AsSpan(3));
        csv.Should().Contain("\"'=HYPERLINK(\"\"http://evil\"\")\"").And.Contain("\"Zwei, die\n\"\"ja\"\" sagen\"").And.Contain(",-33.5,-70.25,").And.EndWith("\r\n");
        csv.Should().NotContain(deleted).And.NotContain(",=HYPERLINK");
    }

    [Fact]
    public async Task What_is_in_it_stays_what_it_was_and_a_file_that_went_meanwhile_is_told_before_the_first_byte()
    {
        var shop = await Shop.OpenAsync(api);
        var (kept, _) = (await shop.PhotoAsync("kept.jpg"), await shop.PhotoAsync("b.jpg"));
        var url = (await ReadyAsync(shop))["url"];
        var anybody = api.Client(null);
        var before = (await anybody.GetAsync(url)).ShouldBe(200);

        await shop.PhotoAsync("later.jpg");
        (await shop.Studio.Api.PatchAsync($"/v1/photos/{kept}", new { title = "Renamed" })).ShouldBe(200);
        var resumed = (await anybody.RangeAsync(url, 3_333, null, before.ETag)).ShouldBe(206);

        resumed.Bytes.Should().Equal(before.Bytes[3_333..]);
        await shop.DeleteOriginalAsync(kept);
        await using var sibling = await api.SiblingAsync();
        var there = url.Replace(api.Address.GetLeftPart(UriPartial.Authority), sibling.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        (await sibling.Client(null).GetAsync(there)).ShouldBeProblem(410, "download_missing").Text.Should().Contain("kept.jpg");
        var next = await ReadyAsync(shop);
        next.Body!["missingCount"]!.GetValue<int>().Should().Be(1);
        (await anybody.GetAsync(next["url"])).ShouldBe(200);
    }

    [Fact]
    public async Task Only_the_studio_exports_and_only_who_may_read_originals_gets_the_address()
    {
        var shop = await Shop.OpenAsync(api);
        await shop.PhotoAsync();
        var export = await ReadyAsync(shop);
        var galleriesOnly = (await shop.Studio.Api.PostAsync("/v1/keys", new { name = "g", type = "secret", scopes = new[] { "galleries:read", "galleries:write" } })).ShouldBe(201)["secret"];

        (await shop.Api.PostAsync($"{shop.Gallery.Path}/exports")).ShouldBe(403);
        (await shop.Api.GetAsync($"/v1/exports/{export["id"]}")).ShouldBe(403);
        (await api.Client(galleriesOnly).GetAsync($"/v1/exports/{export["id"]}")).ShouldBe(403);
        (await api.Client(galleriesOnly).PostAsync($"{shop.Gallery.Path}/exports")).ShouldBe(202).Body!["url"].Should().BeNull();
        (await (await Shop.OpenAsync(api)).Studio.Api.GetAsync($"/v1/exports/{export["id"]}")).ShouldBeProblem(404, "not_found");
        (await api.Client(null).GetAsync(export["url"][..export["url"].IndexOf('?', StringComparison.Ordinal)])).ShouldBeProblem(403, "invalid_signature");
        (await shop.Studio.Api.GetAsync("/v1/audit?limit=200")).Body!["data"]!.AsArray()
            .Should().Contain(e => e!["entity"]!.GetValue<string>() == "gallery_export" && e["entityId"]!.GetValue<string>() == export["id"] && e["action"]!.GetValue<string>() == "created");
    }

    [Fact]
    public async Task Exports_and_downloads_end_and_leave_nothing_behind()
    {
        await using var host = await ApiHost.StartAsync();
        var shop = await Shop.OpenAsync(host);
        await shop.PhotoAsync();
        await shop.AllowAsync();
        (await shop.AskAsync(new { size = "full" })).ShouldBe(201);
        var export = await ReadyAsync(shop);
        (await ListsAsync(shop)).Should().Be(4);

        host.Clock.Advance(TimeSpan.FromDays(7.5));
        (await host.Client(null).GetAsync(export["url"])).ShouldBeProblem(410, "download_expired");
        (await shop.Studio.Api.GetAsync($"/v1/exports/{export["id"]}")).ShouldBeProblem(404, "not_found");
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.Services.GetRequiredService<OrphanSweeper>().SweepAsync(default);
        (await ListsAsync(shop)).Should().Be(4, "the rows are there still");
        await host.Services.GetRequiredService<ArchiveSweeper>().SweepAsync(default);
        await host.Services.GetRequiredService<OrphanSweeper>().SweepAsync(default);

        (await ListsAsync(shop)).Should().Be(0);
        (await shop.InDatabaseAsync(db => Task.FromResult(db.Set<GalleryExport>().Any()))).Should().BeFalse();
    }

    private static async Task<ApiAnswer> ReadyAsync(Shop shop)
    {
        var asked = (await shop.Studio.Api.PostAsync($"{shop.Gallery.Path}/exports")).ShouldBe(202);
        ApiAnswer? read = null;
        await ApiHost.EventuallyAsync(async () => (read = (await shop.Studio.Api.GetAsync($"/v1/exports/{asked["id"]}")).ShouldBe(200))["status"] != "preparing", "the export is made", 60);
        read!["status"].Should().Be("ready");
        return read;
    }

    private static Task<int> ListsAsync(Shop shop) => shop.Host.InScopeAsync(shop.Studio.Id, async services =>
    {
        var files = 0;
        await foreach (var _ in services.GetRequiredService<IObjectStore>().ListAsync(ArchiveLists.AllOf(shop.Tenant())))
        {
            files++;
        }

        return files;
    });

    private static Task<int> PlaceAsync(Shop shop, string photo) => shop.InDatabaseAsync(db =>
    {
        db.Add(new PhotoLocation { PhotoId = Id<Photo>.Parse(photo, null), Latitude = -33.5, Longitude = -70.25 });
        return db.SaveChangesAsync();
    });
}
