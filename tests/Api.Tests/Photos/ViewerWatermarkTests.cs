using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Pictures that show who is looking at them: each visitor gets their own.</summary>
public sealed class ViewerWatermarkTests(ApiHost api)
{
    [Fact]
    public async Task Each_visitor_sees_its_own_name_and_the_studio_none()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync("135790", more: new { viewerWatermark = "name" });
        var photo = await gallery.ReadyAsync(bytes: PhotoClients.NewJpeg(1600, 1200));
        var clean = (await api.FetchAsync(photo.Url())).ShouldBe(200);
        var (clara, jonas, nobody) = (await gallery.VisitorAsync("Clara <b>&amp;"), await gallery.VisitorAsync("Jonas"), await gallery.VisitorAsync());

        var pictures = new List<ApiAnswer>();
        foreach (var visitor in new[] { clara, jonas, nobody })
        {
            var url = await UrlAsync(gallery, visitor);
            url.Should().Contain(visitor.Id[4..]).And.NotContain("Clara").And.NotContain("Jonas");
            var picture = (await api.FetchAsync(url)).ShouldBe(200);
            picture.Headers["Cache-Control"].Should().Contain("private").And.NotContain("public");
            DeliveryTests.Difference(picture.Bytes, clean.Bytes).Should().BeGreaterThan(1, "it is marked");
            (await api.FetchAsync(url)).ShouldBe(200).Bytes.Should().Equal(picture.Bytes);
            pictures.Add(picture);
        }

        pictures.Select(p => p.ETag).Distinct().Should().HaveCount(3);
        DeliveryTests.Difference(pictures[0].Bytes, pictures[1].Bytes).Should().BeGreaterThan(0.5, "each shows another name");
        (await gallery.Studio.Api.GetAsync($"{gallery.Path}/photos")).ShouldBe(200).Body!["data"]![0]!.Url().Should().Contain("/clean/");
    }

    [Theory]
    [InlineData("BottomRight")]
    [InlineData("Tiled")]
    public async Task The_name_comes_in_addition_to_the_gallery_s_watermark(string placement)
    {
        var studio = await api.StudioAsync();
        var watermark = await studio.WatermarkAsync("PROOF", Enum.Parse<WatermarkPlacement>(placement));
        var gallery = await studio.GalleryAsync("135790", more: new { watermarkId = watermark });
        await gallery.ReadyAsync(bytes: PhotoClients.NewJpeg(1600, 1200));
        var visitor = await gallery.VisitorAsync("Clara", "clara@example.com");
        var before = await UrlAsync(gallery, visitor);
        var preset = (await api.FetchAsync(before)).ShouldBe(200);

        (await studio.Api.PatchAsync(gallery.Path, new { viewerWatermark = "name" })).ShouldBe(200)["viewerWatermark"].Should().Be("name");
        var byName = (await api.FetchAsync(await UrlAsync(gallery, visitor))).ShouldBe(200);
        (await studio.Api.PatchAsync(gallery.Path, new { viewerWatermark = "email" })).ShouldBe(200);
        var byEmail = (await api.FetchAsync(await UrlAsync(gallery, visitor))).ShouldBe(200);

        (await api.FetchAsync(before)).ShouldBeProblem(410, "link_expired");
        DeliveryTests.Difference(byName.Bytes, preset.Bytes).Should().BeGreaterThan(0.3);
        DeliveryTests.Difference(byEmail.Bytes, byName.Bytes).Should().BeGreaterThan(0.3);
    }

    [Fact]
    public async Task A_name_that_no_font_can_write_gives_way_to_the_address()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync("135790", more: new { viewerWatermark = "name" });
        await gallery.ReadyAsync();
        var visitor = await gallery.VisitorAsync("\uA840\uA841", "clara@example.com");
        var byName = (await api.FetchAsync(await UrlAsync(gallery, visitor))).ShouldBe(200);

        (await gallery.Studio.Api.PatchAsync(gallery.Path, new { viewerWatermark = "email" })).ShouldBe(200);

        (await api.FetchAsync(await UrlAsync(gallery, visitor))).ShouldBe(200).Bytes.Should().Equal(byName.Bytes);
    }

    [Fact]
    public async Task It_is_none_unless_chosen_and_a_change_is_in_the_audit_trail()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        (await studio.Api.GetAsync(gallery.Path)).ShouldBe(200)["viewerWatermark"].Should().Be("none");

        (await studio.Api.PatchAsync(gallery.Path, new { viewerWatermark = "email" })).ShouldBe(200);
        (await studio.Api.PatchAsync(gallery.Path, new { viewerWatermark = "address" })).ShouldBeProblem(400, "malformed_json");

        (await studio.Api.GetAsync("/v1/audit")).ShouldBe(200).Text.Should().Contain("iewerWatermark").And.Contain("mail");
    }

    [Fact]
    public async Task Another_name_ends_the_addresses_that_showed_the_old_one()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync("135790", more: new { viewerWatermark = "name" });
        await gallery.ReadyAsync();
        var visitor = await gallery.VisitorAsync("Clara");
        var first = await UrlAsync(gallery, visitor);
        (await api.FetchAsync(first)).ShouldBe(200);

        (await visitor.Api.PatchAsync("/v1/visitor", new { name = "Clara Fischer" })).ShouldBe(200);

        (await api.FetchAsync(first)).ShouldBeProblem(410, "link_expired");
        (await api.FetchAsync(await UrlAsync(gallery, visitor))).ShouldBe(200);
    }

    [Fact]
    public async Task One_visitor_s_address_opens_nothing_of_another_however_it_is_altered()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync("135790", more: new { viewerWatermark = "name" });
        await gallery.ReadyAsync();
        var other = await gallery.ReadyAsync();
        var (mine, theirs) = (new Uri(await UrlAsync(gallery, await gallery.VisitorAsync("Clara"))), new Uri(await UrlAsync(gallery, await gallery.VisitorAsync("Jonas"))));
        (await api.FetchAsync(mine.ToString())).ShouldBe(200);
        (await api.FetchAsync(theirs.ToString())).ShouldBe(200);
        var path = mine.AbsolutePath;
        var letters = path.Split('/');

        var tries = new List<string>
        {
            path + theirs.Query, theirs.AbsolutePath + mine.Query,
            path.Replace("/1200", "/2048", StringComparison.Ordinal) + mine.Query, path.Replace("/1200", "/640", StringComparison.Ordinal) + mine.Query,
            path.Replace(letters[7], "clean", StringComparison.Ordinal) + mine.Query, path.Replace(letters[7], letters[7].Split('-')[0] + "-plain", StringComparison.Ordinal) + mine.Query,
            path.Replace(letters[5], new Uri(other.Url()).AbsolutePath.Split('/')[5], StringComparison.Ordinal) + mine.Query,
            path.Replace(letters[7], letters[7].Replace("-n", "-e", StringComparison.Ordinal), StringComparison.Ordinal) + mine.Query,
            path + mine.Query + "&x=1", path + mine.Query.Replace("?e", "?x=1&e", StringComparison.Ordinal), path + "?" + string.Join('&', mine.Query[1..].Split('&').Reverse()),
            path + mine.Query.Replace("&s=", "&s=%", StringComparison.Ordinal), path.Replace("-", "%2D", StringComparison.Ordinal) + mine.Query, path.Replace("-", "%252D", StringComparison.Ordinal) + mine.Query,
            path.Replace("/1200", "/../" + letters[7] + "/1200", StringComparison.Ordinal) + mine.Query, path + "/." + mine.Query,
        };
        for (var i = 0; i < path.Length; i++)
        {
            tries.Add(path[..i] + (path[i] == '0' ? '1' : '0') + path[(i + 1)..] + mine.Query);
        }

        for (var i = 0; i < mine.Query.Length; i++)
        {
            tries.Add(path + mine.Query[..i] + (mine.Query[i] == '7' ? '8' : '7') + mine.Query[(i + 1)..]);
        }

        foreach (var target in tries)
        {
            foreach (var (method, more) in new[] { ("GET", ""), ("HEAD", ""), ("GET", "Range: bytes=0-9\r\n") })
            {
                (await RawRequest.StatusAsync(api, method, target, more)).Should().BeOneOf([400, 403, 404], "{0} {1} was not given out", method, target);
            }
        }
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Nothing_drawn_for_one_visitor_lies_in_the_store()
    {
        await using var own = await ApiHost.StartAsync();
        var gallery = await (await own.StudioAsync()).GalleryAsync("135790", more: new { viewerWatermark = "email" });
        await gallery.ReadyAsync();
        var url = await UrlAsync(gallery, await gallery.VisitorAsync("Clara", "clara@example.com"));
        var before = await KeysAsync(own);
        var whole = (await own.FetchAsync(url)).ShouldBe(200);

        (await KeysAsync(own)).Should().Equal(before);
        // Made again, it is byte for byte the same, so ranges fit together, whichever process serves them.
        await using var sibling = await own.SiblingAsync(("Storage:Disk:Root", Path.Combine(own.Folder, "objects")));
        var again = await sibling.FetchAsync(new Uri(url).PathAndQuery, change: r => r.Headers.TryAddWithoutValidation("Range", "bytes=10-19"));
        again.ShouldBe(206).ETag.Should().Be(whole.ETag);
        again.Bytes.Should().Equal(whole.Bytes[10..20]);
        (await own.FetchAsync(url, method: HttpMethod.Head)).ShouldBe(200).Headers["Content-Length"].Should().Be(whole.Bytes.Length.ToString());
    }

    [Fact]
    public async Task The_front_s_cover_shows_the_studio_s_name_before_anybody_came_in()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync("135790", more: new { viewerWatermark = "name" });
        var photo = await gallery.ReadyAsync(bytes: PhotoClients.NewJpeg(1600, 1200));
        (await studio.Api.PatchAsync(gallery.Path, new { presentation = new { cover = new { photoId = photo.Id() } } })).ShouldBe(200);

        var cover = (await gallery.Storefront.GetAsync($"/v1/storefront/galleries/{gallery.Slug}")).ShouldBe(200)["presentation.cover.urls.preview"];

        cover.Should().NotContain("/clean/");
        DeliveryTests.Difference((await api.FetchAsync(cover)).ShouldBe(200).Bytes, (await api.FetchAsync(photo.Url())).ShouldBe(200).Bytes).Should().BeGreaterThan(1);
    }

    private static async Task<List<string>> KeysAsync(ApiHost host)
    {
        var keys = new List<string>();
        await foreach (var file in host.Services.GetRequiredService<IObjectStore>().ListAsync(ObjectPrefix.All))
        {
            keys.Add(file.Key.Value);
        }

        return [.. keys.Order()];
    }

    private static async Task<string> UrlAsync(GalleryClient gallery, VisitorClient visitor)
    {
        var list = (await visitor.Api.GetAsync($"{gallery.Path}/photos")).ShouldBe(200);
        return list.Body!["data"]!.AsArray().Select(p => p!.Url()).Order().First();
    }
}
