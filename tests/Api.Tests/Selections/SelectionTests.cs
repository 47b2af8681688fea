using FluentAssertions;
using Proofsheet.Api.Selections;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Selections;

[Trait("Database", "Provider")]
public sealed class SelectionTests(ApiHost api)
{
    private static async Task<string> BeginAsync(VisitorClient visitor, GalleryClient gallery, string name = "Favorites") =>
        "/v1/selections/" + (await visitor.Api.PostAsync($"{gallery.Path}/selections", new { name })).ShouldBe(201)["id"];

    private async Task<(GalleryClient Gallery, VisitorClient Visitor, string Selection, string[] Photos)> MakeAsync(int photos, object? more = null)
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync(more: more);
        var ids = (await gallery.ReadyAsync(photos)).Select(p => p.Id()).ToArray();
        var visitor = await gallery.VisitorAsync("Clara");
        return (gallery, visitor, await BeginAsync(visitor, gallery), ids);
    }

    [Fact]
    public async Task A_visitor_picks_notes_submits_and_the_studio_reopens_and_locks()
    {
        var (gallery, visitor, selection, photos) = await MakeAsync(2);

        (await visitor.Api.PutAsync($"{selection}/picks/{photos[0]}", new { note = "For the wall" })).ShouldBe(200);
        (await visitor.Api.PutAsync($"{selection}/picks/{photos[1]}")).ShouldBe(200);
        var again = (await visitor.Api.PutAsync($"{selection}/picks/{photos[0]}")).ShouldBe(200);
        again.Body!["pickCount"]!.GetValue<int>().Should().Be(2);
        again.Body["picks"]![0]!["note"]!.GetValue<string>().Should().Be("For the wall");
        (await visitor.Api.PatchAsync(selection, new { note = "Thank you!" })).ShouldBe(200);
        (await visitor.Api.DeleteAsync($"{selection}/picks/{photos[1]}")).ShouldBe(200).Body!["pickCount"]!.GetValue<int>().Should().Be(1);

        var submitted = (await visitor.Api.PostAsync($"{selection}/submit")).ShouldBe(200);
        submitted["status"].Should().Be("submitted");
        (await visitor.Api.PostAsync($"{selection}/submit")).ShouldBe(200).Text.Should().Be(submitted.Text);
        (await visitor.Api.PutAsync($"{selection}/picks/{photos[1]}")).ShouldBeProblem(409, "selection_not_open");
        (await visitor.Api.DeleteAsync($"{selection}/picks/{photos[0]}")).ShouldBeProblem(409, "selection_not_open");
        (await visitor.Api.PatchAsync(selection, new { note = "Wait" })).ShouldBeProblem(409, "selection_not_open");

        var studio = gallery.Studio.Api;
        (await studio.GetAsync(selection)).ShouldBe(200)["visitorName"].Should().Be("Clara");
        (await studio.PostAsync($"{selection}/reopen")).ShouldBe(200).Body!["submittedAt"].Should().BeNull();
        (await visitor.Api.PutAsync($"{selection}/picks/{photos[1]}")).ShouldBe(200);
        (await studio.PostAsync($"{selection}/lock")).ShouldBe(200)["status"].Should().Be("locked");
        (await visitor.Api.PostAsync($"{selection}/submit")).ShouldBeProblem(409, "selection_not_open");
        (await visitor.Api.PostAsync($"{selection}/reopen")).ShouldBeProblem(403, "missing_scope");
    }

    [Fact]
    public async Task Of_forty_picks_at_once_the_limit_is_kept_exactly()
    {
        var (_, visitor, selection, photos) = await MakeAsync(40, new { pickLimit = 5 });

        var answers = await Task.WhenAll(photos.Select(p => visitor.Api.PutAsync($"{selection}/picks/{p}")));

        answers.Count(a => a.Status == 200).Should().Be(5);
        answers.Where(a => a.Status != 200).Should().HaveCount(35).And.OnlyContain(a => a.Status == 422);
        var full = (await visitor.Api.GetAsync(selection)).ShouldBe(200);
        full.Body!["picks"]!.AsArray().Should().HaveCount(5);
        full.Body["pickLimit"]!.GetValue<int>().Should().Be(5);
        var picked = full.Body["picks"]![0]!["photoId"]!.GetValue<string>();
        var other = photos.First(p => answers[Array.IndexOf(photos, p)].Status == 422);
        (await visitor.Api.PutAsync($"{selection}/picks/{picked}", new { note = "Still fits" })).ShouldBe(200);
        (await visitor.Api.PutAsync($"{selection}/picks/{other}")).ShouldBeProblem(422, "selection_full");
        (await visitor.Api.DeleteAsync($"{selection}/picks/{picked}")).ShouldBe(200);
        (await visitor.Api.PutAsync($"{selection}/picks/{other}")).ShouldBe(200);
    }

    [Fact]
    public async Task One_photo_picked_many_times_at_once_is_picked_once()
    {
        var (_, visitor, selection, photos) = await MakeAsync(1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => visitor.Api.PutAsync($"{selection}/picks/{photos[0]}", new { })));

        answers.Should().OnlyContain(a => a.Status == 200);
        (await visitor.Api.GetAsync(selection)).Body!["pickCount"]!.GetValue<int>().Should().Be(1);
    }

    [Fact]
    public async Task A_visitor_sees_and_changes_its_own_lists_alone()
    {
        var (gallery, visitor, selection, photos) = await MakeAsync(1);
        var stranger = await gallery.VisitorAsync();
        var elsewhere = await (await gallery.Studio.GalleryAsync(title: "Elsewhere")).VisitorAsync();
        var ben = await api.StudioAsync("ben");
        (await visitor.Api.PutAsync($"{selection}/picks/{photos[0]}", new { note = "Mine" })).ShouldBe(200);
        var before = await visitor.Api.GetAsync(selection);

        foreach (var other in new[] { stranger.Api, elsewhere.Api })
        {
            (await other.GetAsync(selection)).ShouldBeProblem(404, "not_found");
            (await other.PatchAsync(selection, new { name = "x" })).ShouldBeProblem(404, "not_found");
            (await other.PutAsync($"{selection}/picks/{photos[0]}", new { note = "x" })).ShouldBeProblem(404, "not_found");
            (await other.DeleteAsync($"{selection}/picks/{photos[0]}")).ShouldBeProblem(404, "not_found");
            (await other.PostAsync($"{selection}/submit")).ShouldBeProblem(404, "not_found");
        }

        (await elsewhere.Api.GetAsync($"{gallery.Path}/selections")).ShouldBeProblem(404, "not_found");
        (await elsewhere.Api.PostAsync($"{gallery.Path}/selections", new { name = "x" })).ShouldBeProblem(404, "not_found");
        (await stranger.Api.GetAsync($"{gallery.Path}/selections")).ShouldBe(200).Body!["data"]!.AsArray().Should().BeEmpty();
        foreach (var path in (string[])["lock", "reopen"])
        {
            (await ben.Api.PostAsync($"{selection}/{path}")).ShouldBeProblem(404, "not_found");
        }

        (await ben.Api.GetAsync(selection)).ShouldBeProblem(404, "not_found");
        (await ben.Api.GetAsync($"{selection}/export")).ShouldBeProblem(404, "not_found");
        (await ben.Api.GetAsync($"{gallery.Path}/selections")).ShouldBeProblem(404, "not_found");
        (await visitor.Api.GetAsync(selection)).Text.Should().Be(before.Text);
    }

    [Fact]
    public async Task What_is_not_shown_in_the_gallery_cannot_be_picked()
    {
        var (gallery, visitor, selection, photos) = await MakeAsync(1);
        var foreign = (await (await gallery.Studio.GalleryAsync(title: "Other")).ReadyAsync()).Id();
        (await gallery.Studio.Api.PatchAsync($"/v1/photos/{photos[0]}", new { isHidden = true })).ShouldBe(200);

        foreach (var photo in new[] { photos[0], foreign, "pho_nonsense" })
        {
            (await visitor.Api.PutAsync($"{selection}/picks/{photo}")).ShouldBeProblem(404, "not_found");
        }

        (await visitor.Api.PostAsync($"{selection}/submit")).ShouldBeProblem(422, "selection_empty");
    }

    [Fact]
    public async Task Closed_proofing_stops_lists_picks_and_submitting()
    {
        var (gallery, visitor, selection, photos) = await MakeAsync(1);
        (await visitor.Api.PutAsync($"{selection}/picks/{photos[0]}")).ShouldBe(200);
        (await gallery.Studio.Api.PatchAsync(gallery.Path, new { proofingClosedAt = DateTimeOffset.UnixEpoch })).ShouldBe(200);

        (await visitor.Api.PutAsync($"{selection}/picks/{photos[0]}")).ShouldBeProblem(409, "proofing_closed");
        (await visitor.Api.PostAsync($"{selection}/submit")).ShouldBeProblem(409, "proofing_closed");
        (await visitor.Api.PostAsync($"{gallery.Path}/selections", new { name = "Late" })).ShouldBeProblem(409, "proofing_closed");
        (await visitor.Api.GetAsync(selection)).ShouldBe(200);
    }

    [Fact]
    public async Task A_visitor_has_twenty_lists_also_when_begun_at_once_and_they_come_in_pages()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var visitor = await gallery.VisitorAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(i => visitor.Api.PostAsync($"{gallery.Path}/selections", new { name = $"List {i}" })));

        answers.Count(a => a.Status == 201).Should().Be(20);
        answers.First(a => a.Status != 201).ShouldBeProblem(422, "too_many_selections");
        var first = (await visitor.Api.GetAsync($"{gallery.Path}/selections?limit=15")).ShouldBe(200);
        (await visitor.Api.GetAsync($"{gallery.Path}/selections?limit=15&cursor={first["nextCursor"]}")).ShouldBe(200).Body!["data"]!.AsArray().Should().HaveCount(5);
        (await gallery.Studio.Api.GetAsync($"{gallery.Path}/selections?cursor={first["nextCursor"]}")).ShouldBeProblem(400, "invalid_cursor");
        (await visitor.Api.GetAsync($"{gallery.Path}/selections?limit=0")).ShouldBeProblem(400, "validation_failed");
    }

    [Theory]
    [InlineData("""{"name":""}""", "validation_failed")]
    [InlineData("""{"name":"x","limit":99}""", "unknown_field")]
    [InlineData("""{"name":7}""", "malformed_json")]
    public async Task A_bad_list_is_named(string body, string code)
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var visitor = await gallery.VisitorAsync();

        (await visitor.Api.SendAsync(HttpMethod.Post, $"{gallery.Path}/selections", body)).ShouldBeProblem(400, code);
        (await gallery.Studio.Api.PostAsync($"{gallery.Path}/selections", new { name = "x" })).ShouldBeProblem(403, "missing_scope");
    }

    [Fact]
    public async Task Overlong_notes_and_old_versions_are_refused()
    {
        var (_, visitor, selection, photos) = await MakeAsync(1);
        var version = (await visitor.Api.GetAsync(selection)).ETag!;

        (await visitor.Api.PutAsync($"{selection}/picks/{photos[0]}", new { note = new string('x', 1001) })).ShouldBeProblem(400, "validation_failed");
        (await visitor.Api.PatchAsync(selection, new { note = new string('x', 2001) })).ShouldBeProblem(400, "validation_failed");
        (await visitor.Api.PutAsync($"{selection}/picks/{photos[0]}")).ShouldBe(200).ETag.Should().NotBe(version);
        (await visitor.Api.PatchAsync(selection, new { note = "x" }, version)).ShouldBeProblem(412, "version_mismatch");
    }

    [Fact]
    public async Task File_names_are_exported_for_Lightroom_and_for_spreadsheets()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var (first, second) = ((await gallery.ReadyAsync("IMG_0001.jpg")).Id(), (await gallery.ReadyAsync("=SUM(A1).jpg")).Id());
        var visitor = await gallery.VisitorAsync();
        var selection = await BeginAsync(visitor, gallery);
        (await visitor.Api.PutAsync($"{selection}/picks/{second}", new { note = "@cmd, \"now\"" })).ShouldBe(200);
        (await visitor.Api.PutAsync($"{selection}/picks/{first}")).ShouldBe(200);
        async Task<ApiAnswer> Export(string query) => (await gallery.Studio.Api.GetAsync($"{selection}/export{query}")).ShouldBe(200);

        (await Export("")).Text.Should().Be("IMG_0001.jpg\n=SUM(A1).jpg\n");
        (await Export("?extension=none&separator=space")).Text.Should().Be("IMG_0001 =SUM(A1)");
        var csv = await Export("?format=csv");
        csv.Headers["Content-Type"].Should().Be("text/csv; charset=utf-8");
        csv.Headers["Content-Disposition"].Should().Contain("clara-and-jonas-selection.csv");
        var lines = csv.Text.Split("\r\n");
        lines[0].Should().Be("fileName,note,pickedAt,photoId");
        lines[1].Should().StartWith("IMG_0001.jpg,,20").And.EndWith($"Z,{first}");
        lines[2].Should().StartWith("\"'=SUM(A1).jpg\",\"'@cmd, \"\"now\"\"\",20");
        (await Export("?format=csv&hasBom=true")).Bytes.AsSpan(0, 3).ToArray().Should().Equal(0xEF, 0xBB, 0xBF);
        (await gallery.Studio.Api.GetAsync($"{selection}/export?format=xls")).ShouldBeProblem(400, "malformed_request");
        (await visitor.Api.GetAsync($"{selection}/export")).ShouldBeProblem(403, "missing_scope");
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@x", "\"'@x\"")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("\n=x", "\"'\n=x\"")]
    [InlineData("＝1+1", "\"'＝1+1\"")]
    [InlineData("＠x", "\"'＠x\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("", "")]
    public void A_cell_is_never_a_formula(string text, string cell)
    {
        ExportSelection.Cell(text).Should().Be(cell);
    }
}
