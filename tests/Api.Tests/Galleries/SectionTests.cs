using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Galleries;

[Trait("Database", "Provider")]
public sealed class SectionTests(ApiHost api)
{
    private static async Task<string> SectionAsync(GalleryClient gallery, string title) =>
        (await gallery.Studio.Api.PostAsync($"{gallery.Path}/sections", new { title })).ShouldBe(201)["id"];

    private static async Task<string[]> TitlesAsync(ApiClient client, GalleryClient gallery) =>
        [.. (await client.GetAsync($"{gallery.Path}/sections")).ShouldBe(200).Body!["data"]!.AsArray().Select(s => s!["title"]!.GetValue<string>())];

    [Fact]
    public async Task Sections_are_added_renamed_reordered_and_deleted_and_visitors_see_them()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        var (ready, ceremony, party) = (await SectionAsync(gallery, "Getting ready"), await SectionAsync(gallery, "Ceremony"), await SectionAsync(gallery, "Party"));
        var visitor = await gallery.VisitorAsync();

        (await studio.Api.PostAsync($"{gallery.Path}/sections/reorder", new { sectionIds = new[] { party, ready, ceremony } })).ShouldBe(200);
        (await studio.Api.PatchAsync($"/v1/sections/{party}", new { title = "Dancing", description = "All night" })).ShouldBe(200)["description"].Should().Be("All night");
        (await studio.Api.DeleteAsync($"/v1/sections/{ready}")).ShouldBe(204);

        (await TitlesAsync(visitor.Api, gallery)).Should().Equal("Dancing", "Ceremony");
        (await studio.Api.DeleteAsync($"/v1/sections/{ready}")).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task Their_list_comes_in_pages_in_their_order()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        var ids = new List<string>();
        foreach (var title in new[] { "One", "Two", "Three", "Four", "Five" })
        {
            ids.Add(await SectionAsync(gallery, title));
        }

        ids.Reverse();
        (await studio.Api.PostAsync($"{gallery.Path}/sections/reorder", new { sectionIds = ids })).ShouldBe(200);

        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = (await studio.Api.GetAsync($"{gallery.Path}/sections?limit=2{cursor}")).ShouldBe(200).Body!;
            seen.AddRange(page["data"]!.AsArray().Select(s => s!["id"]!.GetValue<string>()));
            cursor = page["nextCursor"] is { } next ? $"&cursor={next.GetValue<string>()}" : "";
        }
        while (cursor != "");

        seen.Should().Equal(ids);
        var other = await studio.GalleryAsync(title: "Other");
        var first = (await studio.Api.GetAsync($"{gallery.Path}/sections?limit=2")).ShouldBe(200)["nextCursor"];
        (await studio.Api.GetAsync($"{other.Path}/sections?cursor={first}")).ShouldBeProblem(400, "invalid_cursor");
        (await studio.Api.GetAsync($"{gallery.Path}/sections?limit=0")).ShouldBeProblem(400, "validation_failed");
    }

    [Fact]
    public async Task An_order_that_is_not_of_all_sections_is_refused()
    {
        var studio = await api.StudioAsync();
        var (gallery, other) = (await studio.GalleryAsync(), await studio.GalleryAsync(title: "Other"));
        var (one, two, foreign) = (await SectionAsync(gallery, "One"), await SectionAsync(gallery, "Two"), await SectionAsync(other, "Foreign"));

        foreach (var ids in (string[][])[[one], [one, one], [one, foreign], [one, two, foreign], ["nonsense", two]])
        {
            (await studio.Api.PostAsync($"{gallery.Path}/sections/reorder", new { sectionIds = ids })).ShouldBeProblem(422, "sections_incomplete");
        }

        (await TitlesAsync(studio.Api, gallery)).Should().Equal("One", "Two");
    }

    [Fact]
    public async Task Another_studios_sections_do_not_exist_and_stay()
    {
        var (anna, ben) = (await api.StudioAsync("anna"), await api.StudioAsync("ben"));
        var gallery = await anna.GalleryAsync();
        var section = await SectionAsync(gallery, "Mine");

        (await ben.Api.PatchAsync($"/v1/sections/{section}", new { title = "Bens" })).ShouldBeProblem(404, "not_found");
        (await ben.Api.DeleteAsync($"/v1/sections/{section}")).ShouldBeProblem(404, "not_found");
        (await ben.Api.PostAsync($"{gallery.Path}/sections", new { title = "Bens" })).ShouldBeProblem(404, "not_found");
        (await ben.Api.GetAsync($"{gallery.Path}/sections")).ShouldBeProblem(404, "not_found");
        (await TitlesAsync(anna.Api, gallery)).Should().Equal("Mine");
    }

    [Fact]
    public async Task A_visitor_sees_no_other_gallerys_sections_and_changes_none()
    {
        var studio = await api.StudioAsync();
        var (gallery, other) = (await studio.GalleryAsync(), await studio.GalleryAsync(title: "Other"));
        var section = await SectionAsync(gallery, "Mine");
        var visitor = await gallery.VisitorAsync();

        (await visitor.Api.GetAsync($"{other.Path}/sections")).ShouldBeProblem(404, "not_found");
        (await visitor.Api.PatchAsync($"/v1/sections/{section}", new { title = "x" })).ShouldBeProblem(403, "missing_scope");
    }

    [Theory]
    [InlineData("""{"title":""}""", "validation_failed")]
    [InlineData("""{"title":"x","order":1}""", "unknown_field")]
    [InlineData("""{}""", "validation_failed")]
    public async Task A_bad_section_is_named(string body, string code)
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        (await gallery.Studio.Api.SendAsync(HttpMethod.Post, $"{gallery.Path}/sections", body)).ShouldBeProblem(400, code);
    }

    [Fact]
    public async Task A_gallery_holds_a_hundred_sections_and_an_old_version_changes_none()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var first = await SectionAsync(gallery, "First");
        (await gallery.Studio.Api.PatchAsync($"/v1/sections/{first}", new { title = "Other" }, "\"v9\"")).ShouldBeProblem(412, "version_mismatch");
        for (var i = 1; i < 100; i++)
        {
            await SectionAsync(gallery, $"{i}");
        }

        (await gallery.Studio.Api.PostAsync($"{gallery.Path}/sections", new { title = "Too many" })).ShouldBeProblem(422, "too_many_sections");
    }
}
