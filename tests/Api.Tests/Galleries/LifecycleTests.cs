using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Xunit;

namespace Proofsheet.Api.Tests.Galleries;

[Trait("Database", "Provider")]
public sealed class LifecycleTests(ApiHost api)
{
    private static async Task<Gallery> RowAsync(GalleryClient gallery) => await gallery.Studio.Host.InScopeAsync(gallery.Studio.Id, async services =>
    {
        var id = Id<Gallery>.Parse(gallery.Id, null);
        return await services.GetRequiredService<ProofsheetDb>().Past<Gallery>(Gallery.DeletedFilter).AsNoTracking().SingleAsync(g => g.Id == id);
    });

    [Fact]
    public async Task A_deleted_gallery_is_gone_for_everybody_keeps_its_slug_and_comes_back_whole()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync("111222", more: new { slug = "wedding" });
        var visitor = await gallery.VisitorAsync();

        (await studio.Api.DeleteAsync(gallery.Path)).ShouldBe(204);

        (await gallery.UnlockAsync()).ShouldBeProblem(404, "not_found");
        (await visitor.Api.GetAsync("/v1/visitor")).ShouldBeProblem(401, "expired_credential");
        (await studio.Api.PatchAsync(gallery.Path, new { title = "x" })).ShouldBeProblem(404, "not_found");
        (await studio.Api.DeleteAsync(gallery.Path)).ShouldBeProblem(404, "not_found");
        (await studio.Api.PostAsync("/v1/galleries", new { title = "x", slug = "wedding", isListed = true })).ShouldBeProblem(409, "slug_taken");
        (await studio.Api.GetAsync("/v1/galleries")).Body!["data"]!.AsArray().Should().BeEmpty();
        (await studio.Api.GetAsync("/v1/galleries?isDeleted=true")).Body!["data"]!.AsArray().Should().HaveCount(1);
        (await studio.Api.GetAsync(gallery.Path)).ShouldBe(200).Body!["deletedAt"].Should().NotBeNull();

        (await studio.Api.PostAsync($"{gallery.Path}/restore")).ShouldBe(200)["status"].Should().Be("published");
        (await visitor.Api.GetAsync("/v1/visitor")).ShouldBe(200);
        (await gallery.UnlockAsync()).ShouldBe(200);
    }

    [Fact]
    public async Task After_thirty_days_a_deleted_gallery_is_purged_and_its_slug_is_free_a_year_after_it_was_deleted()
    {
        await using var host = await ApiHost.StartAsync();
        var studio = await host.StudioAsync();
        var (gallery, restored) = (await studio.GalleryAsync("111222", more: new { slug = "wedding", description = "Private" }), await studio.GalleryAsync(title: "Restored"));
        await gallery.VisitorAsync("Clara", "clara@example.com");
        foreach (var path in (string[])[gallery.Path, restored.Path])
        {
            (await studio.Api.DeleteAsync(path)).ShouldBe(204);
        }

        host.Clock.Advance(TimeSpan.FromDays(29));
        (await studio.Api.PostAsync($"{restored.Path}/restore")).ShouldBe(200);
        (await RowAsync(gallery)).PurgedAt.Should().BeNull();

        host.Clock.Advance(TimeSpan.FromDays(1.1));
        await ApiHost.EventuallyAsync(async () => (await RowAsync(gallery)).PurgedAt is not null, "the gallery is purged");

        var row = await RowAsync(gallery);
        (row.Title, row.Description, row.SecretHash).Should().Be(("", null, null));
        (await studio.Api.GetAsync(gallery.Path)).ShouldBeProblem(404, "not_found");
        (await studio.Api.PostAsync($"{gallery.Path}/restore")).ShouldBeProblem(404, "not_found");
        // Old links must not open another couple's pictures.
        (await studio.Api.PostAsync("/v1/galleries", new { title = "x", slug = "wedding", isListed = true })).ShouldBeProblem(409, "slug_taken");
        (await gallery.Storefront.GetAsync("/v1/storefront/galleries/wedding")).ShouldBeProblem(404, "not_found");
        host.Clock.Advance(TimeSpan.FromDays(335));
        (await studio.Api.PostAsync("/v1/galleries", new { title = "x", slug = "wedding", isListed = true })).ShouldBe(201);
        (await studio.Api.GetAsync(restored.Path)).ShouldBe(200)["title"].Should().Be("Restored");
        var visitors = await host.InScopeAsync(studio.Id, services => services.GetRequiredService<ProofsheetDb>().Set<Visitor>().AsNoTracking().ToListAsync());
        visitors.Should().ContainSingle().Which.Email.Should().BeNull();
    }

    [Fact]
    public async Task A_new_default_watermark_does_not_reach_galleries_that_exist()
    {
        var studio = await api.StudioAsync();
        async Task<string> Watermark(string name) => (await studio.Api.PostAsync("/v1/watermarks", new { name, type = "text", text = "(c) Anna", isDefault = true })).ShouldBe(201)["id"];
        var first = await Watermark("First");
        var gallery = await studio.GalleryAsync();
        var second = await Watermark("Second");

        (await studio.Api.GetAsync(gallery.Path))["watermarkId"].Should().Be(first);
        (await studio.Api.GetAsync((await studio.GalleryAsync(title: "Later")).Path))["watermarkId"].Should().Be(second);
        (await studio.Api.DeleteAsync($"/v1/watermarks/{first}")).ShouldBeProblem(409, "watermark_in_use");
    }

    [Fact]
    public async Task Visitors_tell_who_they_are_and_the_studio_sees_it()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        var visitor = await gallery.VisitorAsync("Clara");
        await gallery.VisitorAsync();

        (await visitor.Api.PatchAsync("/v1/visitor", new { email = "clara@example.com" })).ShouldBe(200)["name"].Should().Be("Clara");
        (await visitor.Api.PatchAsync("/v1/visitor", new { email = "no address" })).ShouldBeProblem(400, "validation_failed");
        (await visitor.Api.PatchAsync("/v1/visitor", new { id = "x" })).ShouldBeProblem(400, "unknown_field");

        var first = (await studio.Api.GetAsync($"{gallery.Path}/visitors?limit=1")).ShouldBe(200);
        first.Body!["data"]![0]!["name"].Should().BeNull();
        var second = (await studio.Api.GetAsync($"{gallery.Path}/visitors?limit=1&cursor={first["nextCursor"]}")).ShouldBe(200);
        second.Body!["data"]![0]!["email"]!.GetValue<string>().Should().Be("clara@example.com");
        second.Body["nextCursor"].Should().BeNull();
        (await visitor.Api.GetAsync($"{gallery.Path}/visitors")).ShouldBeProblem(403, "missing_scope");
        (await studio.Api.GetAsync("/v1/visitor")).ShouldBeProblem(403, "missing_scope");
        (await (await api.StudioAsync("ben")).Api.GetAsync($"{gallery.Path}/visitors")).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task A_storefront_shows_listed_galleries_and_no_others()
    {
        var studio = await api.StudioAsync();
        (await studio.Api.PatchAsync("/v1/studio", new { country = "NZ" })).ShouldBe(200);
        await studio.GalleryAsync("111222", "Locked");
        var both = await studio.GalleryAsync("333444", "Listed and locked", new { isListed = true });
        var photo = await both.ReadyAsync();
        (await studio.Api.PatchAsync(both.Path, new { presentation = new { cover = new { photoId = photo.Id() } } })).ShouldBe(200);
        await studio.GalleryAsync(title: "Unlisted", more: new { isListed = false });
        var open = await studio.GalleryAsync(title: "Open");
        (await studio.Api.PostAsync("/v1/galleries", new { title = "Draft", isListed = true })).ShouldBe(201);

        var front = (await open.Storefront.GetAsync("/v1/storefront/galleries")).ShouldBe(200);

        var studioFront = (await open.Storefront.GetAsync("/v1/storefront")).ShouldBe(200);
        studioFront["name"].Should().Be("anna");
        studioFront["country"].Should().Be("NZ", "a checkout's form begins with it");
        studioFront["branding.backgroundColor"].Should().Be("#ffffff");
        front.Body!["data"]!.AsArray().Select(g => g!["title"]!.GetValue<string>()).Should().Equal("Open", "Listed and locked");
        var first = (await open.Storefront.GetAsync("/v1/storefront/galleries?limit=1")).ShouldBe(200);
        (await open.Storefront.GetAsync($"/v1/storefront/galleries?limit=1&cursor={first["nextCursor"]}")).ShouldBe(200).Body!["data"]![0]!["title"]!.GetValue<string>().Should().Be("Listed and locked");
        var locked = front.Body!["data"]![1]!;
        (locked["requires"]!.GetValue<string>(), locked["cover"]).Should().Be(("pin", null), "nothing of a locked gallery's photos is shown");
        (await studio.Api.PatchAsync(open.Path, new { isListed = false })).ShouldBe(200).Body!["isListed"]!.GetValue<bool>().Should().BeFalse();
        (await open.Storefront.GetAsync("/v1/storefront/galleries")).ShouldBe(200).Body!["data"]!.AsArray().Should().HaveCount(1);
        (await studio.Api.GetAsync("/v1/storefront")).ShouldBeProblem(403, "missing_scope");
        (await studio.Api.GetAsync("/v1/storefront/galleries")).ShouldBeProblem(403, "missing_scope");
    }

    [Fact]
    public async Task The_QR_code_holds_the_gallerys_address_and_is_cacheable()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();

        var png = (await studio.Api.GetAsync($"{gallery.Path}/qr?size=600")).ShouldBe(200);
        png.Headers["Content-Type"].Should().Be("image/png");
        png.Bytes.AsSpan(0, 4).ToArray().Should().Equal(0x89, (byte)'P', (byte)'N', (byte)'G');
        var width = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.Bytes.AsSpan(16));
        width.Should().BeInRange(540, 600);
        var svg = (await studio.Api.GetAsync($"{gallery.Path}/qr?format=svg")).ShouldBe(200);
        svg.Headers["Content-Type"].Should().Be("image/svg+xml");
        System.Xml.Linq.XDocument.Parse(svg.Text).Root!.Attribute("width")!.Value.Should().Be("512");
        (await studio.Api.SendAsync(HttpMethod.Get, $"{gallery.Path}/qr?size=600", null, r => r.Headers.TryAddWithoutValidation("If-None-Match", png.ETag))).Status.Should().Be(304);
        (await studio.Api.PatchAsync(gallery.Path, new { slug = "another-address" })).ShouldBe(200);
        (await studio.Api.GetAsync($"{gallery.Path}/qr?size=600")).ETag.Should().NotBe(png.ETag);
        (await studio.Api.GetAsync($"{gallery.Path}/qr?size=127")).ShouldBeProblem(400, "validation_failed");
        (await studio.Api.GetAsync($"{gallery.Path}/qr?size=2049")).ShouldBeProblem(400, "validation_failed");
        (await studio.Api.GetAsync($"{gallery.Path}/qr?format=gif")).ShouldBeProblem(400, "malformed_request");
        (await (await api.StudioAsync("ben")).Api.GetAsync($"{gallery.Path}/qr")).ShouldBeProblem(404, "not_found");
    }
}
