using FluentAssertions;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Downloads;

public sealed class DownloadRulesTests(ApiHost api)
{
    [Fact]
    public async Task A_new_gallery_lets_nobody_download_and_its_rules_can_be_read_and_changed_with_their_version()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var visitor = await gallery.VisitorAsync();
        var rules = (await gallery.Studio.Api.GetAsync($"{gallery.Path}/download-rules")).ShouldBe(200);

        rules.Body!["allowsDownloads"]!.GetValue<bool>().Should().BeFalse();
        rules.Body["hasPin"]!.GetValue<bool>().Should().BeFalse();
        rules.ETag.Should().Be("\"v0\"");
        var offer = (await visitor.Api.GetAsync($"{gallery.Path}/download-options")).ShouldBe(200);
        offer.Body!["allowsDownloads"]!.GetValue<bool>().Should().BeFalse();
        offer["reason"].Should().Be("downloads_off");
        (await visitor.Api.PostAsync($"{gallery.Path}/downloads", new { size = "web" })).ShouldBeProblem(403, "downloads_off");

        var changed = (await PatchAsync(gallery, new { allowsDownloads = true, sizes = new[] { "web" }, webPixels = 1200, photosPerVisitor = 3 }, rules.ETag)).ShouldBe(200);

        changed.ETag.Should().Be("\"v1\"");
        changed.Body!["webPixels"]!.GetValue<int>().Should().Be(1200);
        (await PatchAsync(gallery, new { webPixels = 300 }, rules.ETag)).ShouldBeProblem(412, "version_mismatch");
        (await PatchAsync(gallery, new { webPixels = (int?)null }, changed.ETag)).ShouldBe(200).Body!["photosPerVisitor"]!.GetValue<int>().Should().Be(3);
        offer = (await visitor.Api.GetAsync($"{gallery.Path}/download-options")).ShouldBe(200);
        offer.Body!["allowsDownloads"]!.GetValue<bool>().Should().BeTrue();
        offer.Body["remainingPhotoCount"]!.GetValue<int>().Should().Be(3);
    }

    [Fact]
    public async Task Changes_are_in_the_audit_trail_and_the_pin_and_the_addresses_are_not()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        (await PatchAsync(gallery, new { allowsDownloads = true, sizes = new[] { "full" }, pin = "987654", audience = "listed_emails", emails = new[] { "Clara@Example.com" } })).ShouldBe(200)
            .Body!["emails"]!.AsArray().Select(e => e!.GetValue<string>()).Should().Equal("clara@example.com");

        var entry = (await gallery.Studio.Api.GetAsync("/v1/audit?limit=200")).ShouldBe(200).Body!["data"]!.AsArray().First(e => e!["entity"]!.GetValue<string>() == "gallery_download_rules")!;

        entry["action"]!.GetValue<string>().Should().Be("created");
        entry["entityId"]!.GetValue<string>().Should().Be(gallery.Id);
        entry.ToJsonString().Should().Contain("allowsDownloads").And.NotContain("987654").And.NotContain("p512.").And.NotContain("clara@example.com");
        (await gallery.Studio.Api.GetAsync($"{gallery.Path}/download-rules")).Text.Should().NotContain("987654").And.NotContain("p512.");
    }

    [Theory]
    [InlineData("""{"allowsDownloads":true}""", 422, "sizes_required")]
    [InlineData("""{"webPixels":4096}""", 422, "unknown_size")]
    [InlineData("""{"hasPin":true}""", 422, "pin_required")]
    [InlineData("""{"pin":"12345"}""", 400, "validation_failed")]
    [InlineData("""{"audience":"listed_emails"}""", 422, "emails_required")]
    [InlineData("""{"emails":["nobody"]}""", 422, "invalid_email")]
    [InlineData("""{"endsAt":"2020-01-01T00:00:00Z"}""", 422, "already_expired")]
    [InlineData("""{"photosPerVisitor":0}""", 400, "validation_failed")]
    [InlineData("""{"sizes":["huge"]}""", 400, "malformed_json")]
    [InlineData("""{"pinHash":"x"}""", 400, "unknown_field")]
    public async Task Rules_that_make_no_sense_are_refused(string patch, int status, string code)
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        (await gallery.Studio.Api.SendAsync(HttpMethod.Patch, $"{gallery.Path}/download-rules", patch)).ShouldBeProblem(status, code);
        (await gallery.Studio.Api.GetAsync($"{gallery.Path}/download-rules")).ETag.Should().Be("\"v0\"");
    }

    [Fact]
    public async Task A_pin_stays_until_it_is_taken_away()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        (await PatchAsync(gallery, new { pin = "987654" })).ShouldBe(200).Body!["hasPin"]!.GetValue<bool>().Should().BeTrue();

        (await PatchAsync(gallery, new { isWebWatermarked = false })).ShouldBe(200).Body!["hasPin"]!.GetValue<bool>().Should().BeTrue();
        (await PatchAsync(gallery, new { hasPin = false })).ShouldBe(200).Body!["hasPin"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task First_rules_that_are_made_at_once_are_one_and_no_error_of_ours()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => PatchAsync(gallery, new { photosPerVisitor = i })));

        answers.Should().OnlyContain(a => a.Status == 200 || a.Status == 409);
        answers.Should().Contain(a => a.Status == 200);
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Only_the_studio_sees_and_changes_them()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var visitor = await gallery.VisitorAsync();

        (await visitor.Api.GetAsync($"{gallery.Path}/download-rules")).ShouldBe(403);
        (await visitor.Api.PatchAsync($"{gallery.Path}/download-rules", new { allowsDownloads = true })).ShouldBe(403);
        (await (await gallery.Studio.MemberAsync("viewer")).Api.PatchAsync($"{gallery.Path}/download-rules", new { photosPerVisitor = 1 })).ShouldBe(403);
        (await (await gallery.Studio.MemberAsync("viewer")).Api.GetAsync($"{gallery.Path}/download-rules")).ShouldBe(200);
    }

    private static Task<ApiAnswer> PatchAsync(GalleryClient gallery, object patch, string? ifMatch = null) => gallery.Studio.Api.PatchAsync($"{gallery.Path}/download-rules", patch, ifMatch);
}
