using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Imaging;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Reading, listing, changing, arranging, deleting.</summary>
[Trait("Database", "Provider")]
public sealed class PhotoTests(ApiHost api)
{
    [Fact]
    public async Task What_the_camera_wrote_is_told_and_where_it_was_is_not()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync("135790");
        var photo = await gallery.ReadyAsync();
        var visitor = await gallery.VisitorAsync();

        var metadata = photo["exif"]!;
        metadata["camera"]!.GetValue<string>().Should().StartWith("Proofsheet Test");
        metadata["lens"]!.GetValue<string>().Should().Be("50mm F1.8");
        metadata["exposureTime"]!.GetValue<string>().Should().Be("1/250");
        metadata["aperture"]!.GetValue<double>().Should().Be(2.8);
        metadata["iso"]!.GetValue<int>().Should().Be(400);
        metadata["focalLength"]!.GetValue<double>().Should().Be(50);
        metadata["copyright"]!.GetValue<string>().Should().Contain("Anna Fischer");
        photo["takenAt"]!.GetValue<string>().Should().MatchRegex("^20[0-9T:.-]+Z$");
        metadata["gps"].Should().BeNull();
        var path = $"/v1/photos/{photo.Id()}";
        var place = (await gallery.Studio.Api.GetAsync(path + "?include=gps")).ShouldBe(200).Body!["exif"]!["gps"]!;
        place["latitude"]!.GetValue<double>().Should().BeApproximately(TestPictures.Florence.Latitude, 0.0001);
        var seen = (await visitor.Api.GetAsync(path + "?include=gps")).ShouldBe(200);
        seen.Body!["exif"]!["gps"].Should().BeNull();
        seen.Text.Should().NotContain("43.46");
        (await gallery.Studio.Api.GetAsync(path + "?include=all")).ShouldBeProblem(400, "validation_failed");
    }

    [Fact]
    public async Task A_visitor_gets_neither_hash_nor_size_of_the_original()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync("135790");
        var photo = await gallery.ReadyAsync();
        var visitor = await gallery.VisitorAsync();

        var seen = (await visitor.Api.GetAsync($"/v1/photos/{photo.Id()}")).ShouldBe(200).Body!;

        var version = seen["currentVersion"]!;
        (version["sha256"], version["bytes"], version["contentType"], seen["signals"]).Should().Be((null, null, null, null));
        (version["number"]!.GetValue<int>(), version["fileName"]!.GetValue<string>()).Should().Be((1, photo["currentVersion"]!["fileName"]!.GetValue<string>()));
        photo["currentVersion"]!["sha256"]!.GetValue<string>().Should().HaveLength(64);
    }

    [Fact]
    public async Task The_studio_sees_what_near_duplicates_and_soft_pictures_are_told_by()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        var signals = (await gallery.ReadyAsync())["signals"]!;

        signals["differenceHash"]!.GetValue<string>().Should().MatchRegex("^[0-9a-f]{16}$").And.NotBe("0000000000000000");
        signals["perceptualHash"]!.GetValue<string>().Should().MatchRegex("^[0-9a-f]{16}$").And.NotBe("0000000000000000");
        signals["sharpness"]!.GetValue<double>().Should().BePositive();
    }

    [Theory]
    [InlineData("position")]
    [InlineData("taken_at")]
    [InlineData("name")]
    public async Task Every_order_pages_through_all_photos_once(string sort)
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        await gallery.ReadyAsync(11);
        var whole = await gallery.Studio.Api.NamesAsync(gallery.Id, $"?sort={sort}");

        var paged = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await gallery.Studio.Api.GetAsync($"{gallery.Path}/photos?sort={sort}&limit=3{(cursor is null ? "" : "&cursor=" + cursor)}")).ShouldBe(200).Body!;
            paged.AddRange(page["data"]!.AsArray().Select(p => p!["currentVersion"]!["fileName"]!.GetValue<string>()));
            cursor = page["nextCursor"]?.GetValue<string>();
        }
        while (cursor is not null);

        paged.Should().Equal(whole).And.HaveCount(11);
        // Uploaded in the order of their numbers and taken a minute apart, so all three orders agree.
        whole.Should().Equal(Enumerable.Range(1, 11).Select(i => $"picture-{i}.jpg"));
    }

    [Fact]
    public async Task A_cursor_of_another_list_or_none_at_all_is_refused()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        var other = await studio.GalleryAsync();
        await gallery.ReadyAsync(3);
        var cursor = (await studio.Api.GetAsync($"{gallery.Path}/photos?limit=1")).ShouldBe(200)["nextCursor"];

        (await studio.Api.GetAsync($"{other.Path}/photos?limit=1&cursor={cursor}")).ShouldBeProblem(400, "invalid_cursor");
        (await studio.Api.GetAsync($"{gallery.Path}/photos?limit=1&sort=name&cursor={cursor}")).ShouldBeProblem(400, "invalid_cursor");
        (await studio.Api.GetAsync($"{gallery.Path}/photos?cursor={cursor[..^2]}aa")).ShouldBeProblem(400, "invalid_cursor");
        (await studio.Api.GetAsync($"{gallery.Path}/photos?cursor=nonsense")).ShouldBeProblem(400, "invalid_cursor");
        (await studio.Api.GetAsync($"{gallery.Path}/photos?limit=0")).ShouldBeProblem(400, "validation_failed");
        (await studio.Api.GetAsync($"{gallery.Path}/photos?limit=201")).ShouldBeProblem(400, "validation_failed");
        (await studio.Api.GetAsync($"{gallery.Path}/photos?sort=size")).Status.Should().Be(400);
        (await studio.Api.GetAsync($"{gallery.Path}/photos?status=7")).Status.Should().Be(400);
    }

    [Fact]
    public async Task Hidden_and_deleted_photos_do_not_exist_for_visitors_not_even_through_an_older_cursor()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync("135790");
        var photos = await gallery.ReadyAsync(4);
        var visitor = await gallery.VisitorAsync();
        var cursor = (await visitor.Api.GetAsync($"{gallery.Path}/photos?limit=1")).ShouldBe(200)["nextCursor"];

        (await studio.Api.PatchAsync($"/v1/photos/{photos[1].Id()}", new { isHidden = true })).ShouldBe(200);
        (await studio.Api.DeleteAsync($"/v1/photos/{photos[2].Id()}")).ShouldBe(204);

        (await visitor.Api.NamesAsync(gallery.Id)).Should().Equal("picture-1.jpg", "picture-4.jpg");
        (await visitor.Api.NamesAsync(gallery.Id, $"?cursor={cursor}&limit=3")).Should().Equal("picture-4.jpg");
        (await visitor.Api.NamesAsync(gallery.Id, "?isDeleted=true")).Should().Equal("picture-1.jpg", "picture-4.jpg");
        (await visitor.Api.NamesAsync(gallery.Id, "?status=failed")).Should().BeEmpty();
        (await visitor.Api.GetAsync($"/v1/photos/{photos[1].Id()}")).ShouldBeProblem(404, "not_found");
        (await visitor.Api.GetAsync($"/v1/photos/{photos[2].Id()}")).ShouldBeProblem(404, "not_found");
        (await studio.Api.NamesAsync(gallery.Id)).Should().HaveCount(3);
        (await studio.Api.NamesAsync(gallery.Id, "?isDeleted=true")).Should().Equal("picture-3.jpg");
    }

    [Fact]
    public async Task A_visitor_sees_no_other_gallery()
    {
        var studio = await api.StudioAsync();
        var mine = await studio.GalleryAsync("135790");
        var other = await studio.GalleryAsync("246802");
        var photo = await other.ReadyAsync();
        var visitor = await mine.VisitorAsync();

        (await visitor.Api.GetAsync($"{other.Path}/photos")).ShouldBeProblem(404, "not_found");
        (await visitor.Api.GetAsync($"/v1/photos/{photo.Id()}")).ShouldBeProblem(404, "not_found");
        (await visitor.Api.PatchAsync($"/v1/photos/{photo.Id()}", new { isHidden = true })).ShouldBeProblem(403, "missing_scope");
        (await visitor.Api.GetAsync($"{mine.Path}/progress")).ShouldBeProblem(403, "missing_scope");
    }

    [Fact]
    public async Task Another_studio_s_photo_does_not_exist()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var photo = await gallery.ReadyAsync();
        var ben = await api.StudioAsync("ben");
        var path = $"/v1/photos/{photo.Id()}";

        foreach (var answer in (ApiAnswer[])
        [
            await ben.Api.GetAsync(path), await ben.Api.GetAsync(path + "/original"), await ben.Api.PatchAsync(path, new { title = "mine" }), await ben.Api.DeleteAsync(path),
            await ben.Api.PostAsync(path + "/restore"), await ben.Api.PostAsync(path + "/retry"), await ben.Api.GetAsync(gallery.Path + "/photos"),
            await ben.Api.PostAsync(gallery.Path + "/photos/reorder", new { photoIds = new[] { photo.Id() } }), await ben.Api.GetAsync(gallery.Path + "/progress"),
            await ben.Api.GetAsync(gallery.Path + "/events"), await ben.Api.PatchAsync(gallery.Path, new { presentation = new { cover = new { photoId = photo.Id() } } }),
        ])
        {
            answer.ShouldBeProblem(404, "not_found");
        }

        (await gallery.Studio.Api.GetAsync(path)).ShouldBe(200)["status"].Should().Be("ready");
    }

    [Fact]
    public async Task A_change_is_kept_and_a_bad_one_is_named()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        var path = $"/v1/photos/{(await gallery.ReadyAsync()).Id()}";
        var version = (await studio.Api.GetAsync(path)).ETag!;

        var changed = (await studio.Api.PatchAsync(path, new { title = "  The kiss ", altText = "Two people", caption = (string?)null }, version)).ShouldBe(200);

        (changed["title"], changed["altText"]).Should().Be(("The kiss", "Two people"));
        changed.Body!["caption"].Should().BeNull();
        (await studio.Api.PatchAsync(path, new { title = "x" }, version)).ShouldBeProblem(412, "version_mismatch");
        (await studio.Api.PatchAsync(path, new { fileName = "x" })).ShouldBeProblem(400, "unknown_field");
        (await studio.Api.PatchAsync(path, new { isHidden = "yes" })).ShouldBeProblem(400, "malformed_json");
        (await studio.Api.PatchAsync(path, new { title = new string('x', 301) })).ShouldBeProblem(400, "validation_failed");
        (await studio.Api.PatchAsync(path, new { sectionId = "sec_00000000000000000000000000" })).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task A_deleted_photo_comes_back_where_it_was_unless_it_was_uploaded_again()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var photo = await gallery.ReadyAsync("a.jpg", bytes);
        await gallery.ReadyAsync("b.jpg");
        var path = $"/v1/photos/{photo.Id()}";

        (await studio.Api.DeleteAsync(path)).ShouldBe(204);
        (await studio.Api.DeleteAsync(path)).ShouldBe(204);
        (await studio.Api.GetAsync(path)).ShouldBe(200).Body!["deletedAt"].Should().NotBeNull();
        (await studio.Api.PatchAsync(path, new { title = "x" })).ShouldBeProblem(404, "not_found");
        (await studio.Api.PostAsync(path + "/restore")).ShouldBe(200);
        (await studio.Api.NamesAsync(gallery.Id)).Should().Equal("a.jpg", "b.jpg");
        (await studio.Api.PostAsync(path + "/restore")).ShouldBe(200);

        (await studio.Api.DeleteAsync(path)).ShouldBe(204);
        (await gallery.UploadAsync(("again.jpg", bytes))).ShouldBe(201).Body!["results"]![0]!["outcome"]!.GetValue<string>().Should().Be("accepted");
        (await studio.Api.PostAsync(path + "/restore")).ShouldBeProblem(409, "duplicate_photo");
    }

    [Fact]
    public async Task Photos_are_put_where_the_studio_wants_them_again_and_again()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        var photos = await gallery.ReadyAsync(5);
        string Id(int number) => photos[number - 1].Id();
        async Task MoveAsync(object body) => (await studio.Api.PostAsync($"{gallery.Path}/photos/reorder", body)).ShouldBe(204);

        await MoveAsync(new { photoIds = new[] { Id(5), Id(4) }, before = Id(1) });
        (await OrderAsync()).Should().Be("54123");
        await MoveAsync(new { photoIds = new[] { Id(5) }, after = Id(2) });
        (await OrderAsync()).Should().Be("41253");
        await MoveAsync(new { photoIds = new[] { Id(4), Id(1) } });
        (await OrderAsync()).Should().Be("25341");
        // Repeatedly into the same gap, until it has no room left.
        for (var i = 0; i < 45; i++)
        {
            await MoveAsync(new { photoIds = new[] { i % 2 == 0 ? Id(3) : Id(4) }, after = Id(2) });
        }

        (await OrderAsync()).Should().Be("23451");

        async Task<string> OrderAsync() => string.Concat((await studio.Api.NamesAsync(gallery.Id)).Select(n => n[8]));
    }

    [Fact]
    public async Task A_reorder_with_a_stranger_among_them_moves_none()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        var other = await studio.GalleryAsync();
        var photos = await gallery.ReadyAsync(3);
        var stranger = await other.ReadyAsync();
        var path = $"{gallery.Path}/photos/reorder";

        (await studio.Api.PostAsync(path, new { photoIds = new[] { photos[2].Id(), stranger.Id() }, before = photos[0].Id() })).ShouldBeProblem(404, "not_found");
        (await studio.Api.PostAsync(path, new { photoIds = new[] { photos[2].Id() }, before = stranger.Id() })).ShouldBeProblem(404, "not_found");
        (await studio.Api.PostAsync(path, new { photoIds = new[] { photos[2].Id() }, before = photos[0].Id(), after = photos[1].Id() })).ShouldBeProblem(422, "ambiguous_place");
        (await studio.Api.PostAsync(path, new { photoIds = new[] { photos[2].Id() }, before = photos[2].Id() })).ShouldBeProblem(422, "ambiguous_place");
        (await studio.Api.PostAsync(path, new { photoIds = Array.Empty<string>() })).ShouldBeProblem(400, "validation_failed");

        (await studio.Api.NamesAsync(gallery.Id)).Should().Equal("picture-1.jpg", "picture-2.jpg", "picture-3.jpg");
    }

    [Fact]
    public async Task Photos_stand_in_sections_and_stay_when_a_section_goes()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        var section = (await studio.Api.PostAsync($"{gallery.Path}/sections", new { title = "Ceremony" })).ShouldBe(201)["id"];
        var foreign = (await studio.Api.PostAsync($"{(await studio.GalleryAsync()).Path}/sections", new { title = "Party" })).ShouldBe(201)["id"];
        var inside = (await studio.Api.SendAsync(HttpMethod.Post, $"{gallery.Path}/photos?sectionId={section}", PhotoClients.Form(("inside.jpg", PhotoClients.NewJpeg())))).ShouldBe(201).Body!["results"]![0]!["photo"]!.Id();
        var outside = await gallery.ReadyAsync("outside.jpg");
        await gallery.SettledAsync(inside);

        (await studio.Api.NamesAsync(gallery.Id, $"?sectionId={section}")).Should().Equal("inside.jpg");
        (await studio.Api.PatchAsync($"/v1/photos/{outside.Id()}", new { sectionId = section })).ShouldBe(200)["sectionId"].Should().Be(section);
        (await studio.Api.PatchAsync($"/v1/photos/{inside}", new { sectionId = foreign })).ShouldBeProblem(404, "not_found");
        (await studio.Api.SendAsync(HttpMethod.Post, $"{gallery.Path}/photos?sectionId={foreign}", PhotoClients.Form(("x.jpg", PhotoClients.NewJpeg())))).ShouldBeProblem(404, "not_found");
        (await studio.Api.DeleteAsync($"/v1/sections/{section}")).ShouldBe(204);

        await ApiHost.EventuallyAsync(async () => (await studio.Api.GetAsync($"/v1/photos/{inside}")).Body!["sectionId"] is null, "the photo stands outside sections");
        (await studio.Api.NamesAsync(gallery.Id)).Should().Equal("inside.jpg", "outside.jpg");
    }

    [Fact]
    public async Task The_photos_of_a_deleted_gallery_do_not_exist_until_it_is_restored()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        var photo = await gallery.ReadyAsync();
        var path = $"/v1/photos/{photo.Id()}";
        (await studio.Api.DeleteAsync(gallery.Path)).ShouldBe(204);

        (await studio.Api.GetAsync(path)).ShouldBeProblem(404, "not_found");
        (await studio.Api.PatchAsync(path, new { title = "x" })).ShouldBeProblem(404, "not_found");
        (await studio.Api.GetAsync(path + "/original")).ShouldBeProblem(404, "not_found");
        (await studio.Api.DeleteAsync(path)).ShouldBeProblem(404, "not_found");
        (await api.FetchAsync(photo.Url())).ShouldBeProblem(404, "not_found");
        (await studio.Api.PostAsync($"{gallery.Path}/restore")).ShouldBe(200);
        (await api.FetchAsync(photo.Url())).ShouldBe(200);
    }

    [Fact]
    public async Task A_gallery_shows_its_cover_as_long_as_the_photo_is_shown()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        var photo = await gallery.ReadyAsync();
        var foreign = await (await studio.GalleryAsync()).ReadyAsync();

        (await CoverAsync(new { photoId = photo.Id(), focalX = 0.25, focalY = 0.75 })).ShouldBe(200)["presentation.cover.urls.large"].Should().NotBeNull();

        var front = (await gallery.Storefront.GetAsync($"/v1/storefront/galleries/{gallery.Slug}")).ShouldBe(200).Body!;
        front["photoCount"]!.GetValue<int>().Should().Be(1);
        (await api.FetchAsync(front["presentation"]!["cover"]!["urls"]!["thumbnail"]!.GetValue<string>())).ShouldBe(200).Headers["Content-Type"].Should().Be("image/jpeg");
        (await CoverAsync(new { photoId = foreign.Id() })).ShouldBeProblem(422, "unknown_photo");
        (await CoverAsync(new { photoId = photo.Id(), focalX = 1.5 })).ShouldBeProblem(400, "validation_failed");
        (await CoverAsync(new { photoId = "../x" })).ShouldBeProblem(400, "validation_failed");
        (await CoverAsync(new { photoId = photo.Id(), focal = 1 })).ShouldBeProblem(400, "unknown_field");
        (await studio.Api.PatchAsync(gallery.Path, new { presentation = (object?)null })).ShouldBeProblem(400, "malformed_json");
        (await studio.Api.PatchAsync(gallery.Path, new { presentation = new { layout = "Mosaic!" } })).ShouldBeProblem(400, "validation_failed");
        (await studio.Api.PatchAsync(gallery.Path, new { presentation = new { layout = "story_2" } })).ShouldBe(200).Body!["presentation"]!["cover"]!["focalX"]!.GetValue<double>().Should().Be(0.25, "what a patch does not name stays");
        (await studio.Api.PatchAsync($"/v1/photos/{photo.Id()}", new { isHidden = true })).ShouldBe(200);
        var hidden = (await gallery.Storefront.GetAsync($"/v1/storefront/galleries/{gallery.Slug}")).ShouldBe(200).Body!;
        (hidden["presentation"]!["cover"]!["urls"] as JsonObject, hidden["photoCount"]!.GetValue<int>()).Should().Be((null, 0));
        (await CoverAsync(null)).ShouldBe(200).Body!["presentation"]!["cover"].Should().BeNull();

        Task<ApiAnswer> CoverAsync(object? cover) => studio.Api.PatchAsync(gallery.Path, new { presentation = new { cover } });
    }
}
