using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Studios;

public sealed class WatermarkTests(ApiHost api)
{
    private static async Task<ApiAnswer> MakeAsync(StudioClient studio, string name, bool isDefault = false) =>
        (await studio.Api.PostAsync("/v1/watermarks", new { name, type = "text", text = "(c) Anna", position = "tiled", opacity = 30, isDefault })).ShouldBe(201);

    [Fact]
    public async Task A_watermark_is_made_read_changed_and_deleted()
    {
        var studio = await api.StudioAsync();
        var made = await MakeAsync(studio, "Proof");

        var read = (await studio.Api.GetAsync(made.Headers["Location"])).ShouldBe(200);
        read.Text.Should().Be(made.Text);
        read["position"].Should().Be("tiled");
        var changed = (await studio.Api.PatchAsync(made.Headers["Location"], new { position = "bottom_right", opacity = 100 }, read.ETag)).ShouldBe(200);
        changed["position"].Should().Be("bottom_right");
        changed["text"].Should().Be("(c) Anna");
        (await studio.Api.PatchAsync(made.Headers["Location"], new { opacity = 1 }, read.ETag)).ShouldBeProblem(412, "version_mismatch");
        (await studio.Api.DeleteAsync(made.Headers["Location"])).ShouldBe(204);
        (await studio.Api.GetAsync(made.Headers["Location"])).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task There_is_one_default()
    {
        var studio = await api.StudioAsync();
        var (first, second) = (await MakeAsync(studio, "First", true), await MakeAsync(studio, "Second", true));
        async Task<string[]> Defaults() => [.. (await studio.Api.GetAsync("/v1/watermarks")).Body!["data"]!.AsArray().Where(w => w!["isDefault"]!.GetValue<bool>()).Select(w => w!["id"]!.GetValue<string>())];

        (await Defaults()).Should().Equal(second["id"]);
        (await studio.Api.PatchAsync(first.Headers["Location"], new { isDefault = true })).ShouldBe(200);
        (await Defaults()).Should().Equal(first["id"]);
    }

    [Theory]
    [InlineData("""{"name":"x","type":"text"}""", 422, "watermark_text_required")]
    [InlineData("""{"name":"x","type":"text","text":"  "}""", 422, "watermark_text_required")]
    [InlineData("""{"name":"x","type":"text","text":"Anna \ua840"}""", 422, "watermark_letter_missing")]
    [InlineData("""{"name":"x","type":"logo"}""", 422, "logo_missing")]
    [InlineData("""{"name":"x","type":"logo","text":"y"}""", 422, "watermark_text_not_wanted")]
    [InlineData("""{"name":"x","type":"stamp"}""", 400, "malformed_json")]
    [InlineData("""{"name":"x","type":"text","text":"y","position":"middle"}""", 400, "malformed_json")]
    [InlineData("""{"name":"x","type":"text","text":"y","opacity":101}""", 400, "validation_failed")]
    [InlineData("""{"name":"x","type":"text","text":"y","opacity":0.5}""", 400, "malformed_json")]
    [InlineData("""{"name":"x","type":"text","text":"y","sizePercent":0}""", 400, "validation_failed")]
    [InlineData("""{"name":"x","type":"text","text":"y","color":"white"}""", 400, "validation_failed")]
    [InlineData("""{"name":"x","type":"text","text":"y","font":"Arial"}""", 400, "unknown_field")]
    public async Task A_bad_watermark_is_named_and_not_made(string body, int status, string code)
    {
        var studio = await api.StudioAsync();

        (await studio.Api.SendAsync(HttpMethod.Post, "/v1/watermarks", body)).ShouldBeProblem(status, code);

        (await studio.Api.GetAsync("/v1/watermarks")).Body!["data"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task Overlong_texts_are_refused_also_in_a_patch()
    {
        var studio = await api.StudioAsync();
        var made = await MakeAsync(studio, "Proof");

        (await studio.Api.PatchAsync(made.Headers["Location"], new { text = new string('x', 121) })).ShouldBeProblem(400, "validation_failed");
        (await studio.Api.PatchAsync(made.Headers["Location"], """{"text":null}""")).ShouldBeProblem(422, "watermark_text_required");
        (await studio.Api.PatchAsync(made.Headers["Location"], """{"text":"Anna \ua840"}""")).ShouldBeProblem(422, "watermark_letter_missing");
        (await studio.Api.PatchAsync(made.Headers["Location"], new { type = "logo" })).ShouldBeProblem(400, "unknown_field");
    }

    [Fact]
    public async Task Another_studios_watermark_does_not_exist_and_stays()
    {
        var (anna, ben) = (await api.StudioAsync("anna"), await api.StudioAsync("ben"));
        var made = await MakeAsync(anna, "Proof");
        var path = made.Headers["Location"];

        (await ben.Api.GetAsync(path)).ShouldBeProblem(404, "not_found");
        (await ben.Api.PatchAsync(path, new { name = "Bens" })).ShouldBeProblem(404, "not_found");
        (await ben.Api.DeleteAsync(path)).ShouldBeProblem(404, "not_found");
        (await ben.Api.PostAsync("/v1/galleries", new { title = "x", isListed = true, watermarkId = made["id"] })).ShouldBeProblem(422, "unknown_watermark");
        (await ben.Api.GetAsync("/v1/watermarks")).Body!["data"]!.AsArray().Should().BeEmpty();
        (await anna.Api.GetAsync(path)).ShouldBe(200).Text.Should().Be(made.Text);
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Pages_follow_each_other_and_bad_ones_are_refused()
    {
        var studio = await api.StudioAsync();
        foreach (var name in (string[])["One", "Two", "Three"])
        {
            await MakeAsync(studio, name);
        }

        var first = (await studio.Api.GetAsync("/v1/watermarks?limit=2")).ShouldBe(200);
        var second = (await studio.Api.GetAsync($"/v1/watermarks?limit=2&cursor={first["nextCursor"]}")).ShouldBe(200);

        first.Body!["data"]!.AsArray().Concat(second.Body!["data"]!.AsArray()).Select(w => w!["name"]!.GetValue<string>()).Should().Equal("Three", "Two", "One");
        (await studio.Api.GetAsync("/v1/watermarks?cursor=x")).ShouldBeProblem(400, "invalid_cursor");
        (await studio.Api.GetAsync("/v1/watermarks?limit=1000")).ShouldBeProblem(400, "validation_failed");
    }
}
