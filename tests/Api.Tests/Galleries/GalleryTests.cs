using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Galleries;

[Trait("Database", "Provider")]
public sealed class GalleryTests(ApiHost api)
{
    [Fact]
    public async Task A_gallery_begins_as_a_draft_and_tells_everything_but_its_PIN()
    {
        var studio = await api.StudioAsync();

        var made = (await studio.Api.PostAsync("/v1/galleries", new
        {
            title = "Clara & Jonas", eventDate = "2026-05-30", requires = "pin", pin = "483920", presentation = new { layout = "rows", theme = "dark" }, pickLimit = 30, language = "fr",
        })).ShouldBe(201);

        made["status"].Should().Be("draft");
        made["slug"].Should().Be("clara-and-jonas");
        made["eventDate"].Should().Be("2026-05-30");
        made["url"].Should().EndWith("/g/clara-and-jonas");
        made["presentation.layout"].Should().Be("rows");
        made.Text.Should().NotContain("483920").And.NotContainEquivalentOf("hash");
        var read = (await studio.Api.GetAsync(made.Headers["Location"])).ShouldBe(200);
        read.Text.Should().Be(made.Text);
        read.ETag.Should().Be(made.ETag);
    }

    [Theory]
    [InlineData("Ærø Brüllüp – Łódź", "aeroe-bruelluep-lodz")]
    [InlineData("  L'été  à Paris!  ", "lete-a-paris")]
    [InlineData("Cafe\u0301 2026", "cafe-2026")]
    public async Task Titles_become_readable_addresses(string title, string slug)
    {
        var studio = await api.StudioAsync();

        (await studio.Api.PostAsync("/v1/galleries", new { title, isListed = true })).ShouldBe(201)["slug"].Should().Be(slug);
    }

    [Theory]
    [InlineData("結婚式")]
    [InlineData("Login")]
    [InlineData("A")]
    public async Task Titles_that_make_no_address_get_a_random_one(string title)
    {
        var studio = await api.StudioAsync();

        (await studio.Api.PostAsync("/v1/galleries", new { title, isListed = true })).ShouldBe(201)["slug"].Should().MatchRegex("^([a-z]+-)?[0-9a-z]{8}$");
    }

    [Fact]
    public async Task An_unlisted_gallerys_address_cannot_be_guessed_from_its_title()
    {
        var studio = await api.StudioAsync();

        (await studio.Api.PostAsync("/v1/galleries", new { title = "Clara", isListed = false })).ShouldBe(201)["slug"].Should().MatchRegex("^clara-[0-9a-z]{10}$");
    }

    [Fact]
    public async Task The_same_title_twice_makes_two_addresses_also_at_once()
    {
        var studio = await api.StudioAsync();

        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => studio.Api.PostAsync("/v1/galleries", new { title = "Family", isListed = true })));

        made.Should().OnlyContain(a => a.Status == 201);
        made.Select(a => a["slug"]).Should().OnlyHaveUniqueItems().And.OnlyContain(s => s.StartsWith("family"));
    }

    [Fact]
    public async Task A_slug_is_taken_once_in_a_studio_and_free_in_another()
    {
        var (anna, ben) = (await api.StudioAsync("anna"), await api.StudioAsync("ben"));
        var body = new { title = "x", slug = "wedding", isListed = true };
        (await anna.Api.PostAsync("/v1/galleries", body)).ShouldBe(201);

        (await anna.Api.PostAsync("/v1/galleries", body)).ShouldBeProblem(409, "slug_taken");
        (await ben.Api.PostAsync("/v1/galleries", body)).ShouldBe(201);
    }

    [Theory]
    [InlineData("""{"title":"x","isListed":true,"color":"red"}""", 400, "unknown_field")]
    [InlineData("""{"isListed":true}""", 400, "validation_failed")]
    [InlineData("""{"title":"x","visibility":"public"}""", 400, "unknown_field")]
    [InlineData("""{"title":"   ","isListed":true}""", 400, "validation_failed")]
    [InlineData("""{"title":"x","requires":"secret"}""", 400, "malformed_json")]
    [InlineData("""{"title":"x","requires":1}""", 400, "malformed_json")]
    [InlineData("""{"title":"x","requires":"pin"}""", 422, "pin_required")]
    [InlineData("""{"title":"x","requires":"pin","pin":"12345"}""", 400, "validation_failed")]
    [InlineData("""{"title":"x","requires":"pin","pin":"1234567890123"}""", 400, "validation_failed")]
    [InlineData("""{"title":"x","requires":"pin","pin":"12345a"}""", 400, "validation_failed")]
    [InlineData("""{"title":"x","requires":"pin","pin":"123456\n"}""", 400, "validation_failed")]
    [InlineData("""{"title":"x","requires":"password"}""", 422, "password_required")]
    [InlineData("""{"title":"x","requires":"password","password":"short"}""", 400, "validation_failed")]
    [InlineData("""{"title":"x","isListed":true,"pin":"123456"}""", 422, "secret_not_wanted")]
    [InlineData("""{"title":"x","requires":"pin","pin":"123456","password":"long enough"}""", 422, "secret_not_wanted")]
    [InlineData("""{"title":"x","isListed":true,"slug":"Wed ding"}""", 400, "validation_failed")]
    [InlineData("""{"title":"x","isListed":true,"slug":"login"}""", 422, "slug_reserved")]
    [InlineData("""{"title":"x","isListed":true,"expiresAt":"2020-01-01T00:00:00Z"}""", 422, "already_expired")]
    [InlineData("""{"title":"x","isListed":true,"pickLimit":0}""", 400, "validation_failed")]
    [InlineData("""{"title":"x","isListed":true,"pickLimit":"5"}""", 400, "malformed_json")]
    [InlineData("""{"title":"x","isListed":true,"language":"klingon"}""", 400, "validation_failed")]
    [InlineData("""{"title":"x","isListed":true,"eventDate":"30.5.2026"}""", 400, "malformed_json")]
    [InlineData("""{"title":"x","isListed":true,"watermarkId":"wmk_00000000000000000000000000"}""", 422, "unknown_watermark")]
    public async Task A_bad_gallery_is_named_and_not_made(string body, int status, string code)
    {
        var studio = await api.StudioAsync();

        (await studio.Api.SendAsync(HttpMethod.Post, "/v1/galleries", body)).ShouldBeProblem(status, code);

        (await studio.Api.GetAsync("/v1/galleries")).Body!["data"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task Overlong_texts_are_refused()
    {
        var studio = await api.StudioAsync();

        (await studio.Api.PostAsync("/v1/galleries", new { title = new string('x', 201), isListed = true })).ShouldBeProblem(400, "validation_failed")
            .Body!["errors"]!["title"].Should().NotBeNull();
        (await studio.Api.PostAsync("/v1/galleries", new { title = "x", description = new string('x', 4001), isListed = true })).ShouldBeProblem(400, "validation_failed");
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_nothing_else()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync(more: new { description = "Before", expiresAt = "2099-01-01T00:00:00Z" });

        var changed = (await studio.Api.PatchAsync(gallery.Path, new { description = (string?)null, presentation = new { layout = "grid" } })).ShouldBe(200);

        changed.Body!["description"].Should().BeNull();
        changed["presentation.layout"].Should().Be("grid");
        changed["expiresAt"].Should().Be("2099-01-01T00:00:00.000Z");
        changed["title"].Should().Be("Clara & Jonas");
    }

    [Fact]
    public async Task A_change_made_on_an_old_version_is_refused()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        var version = (await studio.Api.GetAsync(gallery.Path)).ETag!;
        (await studio.Api.PatchAsync(gallery.Path, new { title = "New" }, version)).ShouldBe(200);

        (await studio.Api.PatchAsync(gallery.Path, new { title = "Newer" }, version)).ShouldBeProblem(412, "version_mismatch");

        (await studio.Api.GetAsync(gallery.Path))["title"].Should().Be("New");
    }

    [Fact]
    public async Task Another_studios_gallery_does_not_exist_and_is_not_changed()
    {
        var (anna, ben) = (await api.StudioAsync("anna"), await api.StudioAsync("ben"));
        var gallery = await anna.GalleryAsync("731940");
        var before = await anna.Api.GetAsync(gallery.Path);

        (await ben.Api.GetAsync(gallery.Path)).ShouldBeProblem(404, "not_found");
        (await ben.Api.PatchAsync(gallery.Path, new { title = "Mine" })).ShouldBeProblem(404, "not_found");
        (await ben.Api.PutAsync($"{gallery.Path}/access", new { requires = "none" })).ShouldBeProblem(404, "not_found");
        foreach (var action in (string[])["publish", "unpublish", "archive", "restore"])
        {
            (await ben.Api.PostAsync($"{gallery.Path}/{action}")).ShouldBeProblem(404, "not_found");
        }

        (await ben.Api.DeleteAsync(gallery.Path)).ShouldBeProblem(404, "not_found");
        (await ben.Api.GetAsync("/v1/galleries?isDeleted=true")).Body!["data"]!.AsArray().Should().BeEmpty();
        var after = await anna.Api.GetAsync(gallery.Path);
        after.Text.Should().Be(before.Text);
        after.ETag.Should().Be(before.ETag);
    }

    [Fact]
    public async Task Pages_follow_each_other_and_cursors_of_other_lists_are_refused()
    {
        var (anna, ben) = (await api.StudioAsync("anna"), await api.StudioAsync("ben"));
        for (var i = 0; i < 5; i++)
        {
            (await anna.Api.PostAsync("/v1/galleries", new { title = $"Gallery {i}", isListed = true })).ShouldBe(201);
        }

        var titles = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await anna.Api.GetAsync($"/v1/galleries?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}")).ShouldBe(200);
            titles.AddRange(page.Body!["data"]!.AsArray().Select(g => g!["title"]!.GetValue<string>()));
            cursor = page.Body["nextCursor"]?.GetValue<string>();
        }
        while (cursor is not null && titles.Count < 20);

        titles.Should().Equal("Gallery 4", "Gallery 3", "Gallery 2", "Gallery 1", "Gallery 0");
        var annas = (await anna.Api.GetAsync("/v1/galleries?limit=2"))["nextCursor"];
        (await ben.Api.GetAsync($"/v1/galleries?cursor={annas}")).ShouldBeProblem(400, "invalid_cursor");
        (await anna.Api.GetAsync($"/v1/galleries?status=draft&cursor={annas}")).ShouldBeProblem(400, "invalid_cursor");
        (await anna.Api.GetAsync("/v1/galleries?cursor=nonsense")).ShouldBeProblem(400, "invalid_cursor");
        (await anna.Api.GetAsync("/v1/galleries?limit=0")).ShouldBeProblem(400, "validation_failed");
        (await anna.Api.GetAsync("/v1/galleries?limit=201")).ShouldBeProblem(400, "validation_failed");
        (await anna.Api.GetAsync("/v1/galleries?status=lost")).ShouldBeProblem(400, "malformed_request");
        (await anna.Api.GetAsync("/v1/galleries?status=1")).ShouldBeProblem(400, "malformed_request");
    }

    [Fact]
    public async Task A_list_of_one_state_holds_that_state_alone()
    {
        var studio = await api.StudioAsync();
        var published = await studio.GalleryAsync(title: "Published");
        var archived = await studio.GalleryAsync(title: "Archived");
        (await studio.Api.PostAsync($"{archived.Path}/archive")).ShouldBe(200)["status"].Should().Be("archived");
        var draft = await studio.GalleryAsync(title: "Draft");
        (await studio.Api.PostAsync($"{draft.Path}/unpublish")).ShouldBe(200)["status"].Should().Be("draft");

        foreach (var (state, id) in new[] { ("published", published.Id), ("archived", archived.Id), ("draft", draft.Id) })
        {
            var page = (await studio.Api.GetAsync($"/v1/galleries?status={state}")).ShouldBe(200);
            page.Body!["data"]!.AsArray().Select(g => g!["id"]!.GetValue<string>()).Should().Equal(id);
        }

        (await studio.Api.GetAsync("/v1/galleries?status=expired")).Body!["data"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task A_plan_holds_only_so_many_galleries()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Plans:Tiers:solo:MaxGalleries"] = "1" });
        var studio = await host.StudioAsync();
        await studio.GalleryAsync();

        (await studio.Api.PostAsync("/v1/galleries", new { title = "x", isListed = true })).ShouldBeProblem(422, "plan_limit");
    }
}
