using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Galleries;

public sealed class VisitingTests(ApiHost api)
{
    [Fact]
    public async Task The_right_PIN_opens_the_gallery_and_a_wrong_one_does_not()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync("483920");

        (await gallery.UnlockAsync(new { pin = "483921" })).ShouldBeProblem(403, "wrong_pin");
        (await gallery.UnlockAsync(new { })).ShouldBeProblem(422, "pin_required");
        (await gallery.UnlockAsync(new { password = "483920" })).ShouldBeProblem(422, "pin_required");
        var visit = (await gallery.UnlockAsync(new { pin = "483920" })).ShouldBe(200);

        visit["galleryId"].Should().Be(gallery.Id);
        visit["token"].Should().StartWith("psv_");
        (await api.Client(visit["token"]).GetAsync($"/v1/storefront/galleries/{gallery.Slug}")).ShouldBe(200);
    }

    [Fact]
    public async Task A_password_opens_too()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        (await studio.Api.PutAsync($"{gallery.Path}/access", new { requires = "password", password = "correct horse" })).ShouldBe(200);

        (await gallery.UnlockAsync(new { password = "correct horsf" })).ShouldBeProblem(403, "wrong_password");
        (await gallery.UnlockAsync(new { pin = "123456" })).ShouldBeProblem(422, "password_required");
        (await gallery.UnlockAsync(new { password = "correct horse" })).ShouldBe(200);
    }

    [Fact]
    public async Task Open_galleries_need_no_secret()
    {
        var studio = await api.StudioAsync();
        foreach (var isListed in (bool[])[true, false])
        {
            var gallery = await studio.GalleryAsync(more: new { isListed });

            (await gallery.Storefront.GetAsync($"/v1/storefront/galleries/{gallery.Slug}")).ShouldBe(200)["requires"].Should().Be("none");
            (await gallery.UnlockAsync(new { })).ShouldBe(200);
        }
    }

    [Fact]
    public async Task Another_PIN_ends_the_visits_of_the_old_one()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync("111222");
        var visitor = await gallery.VisitorAsync();
        (await studio.Api.PutAsync($"{gallery.Path}/access", new { requires = "pin", pin = "333444" })).ShouldBe(200);

        (await visitor.Api.GetAsync("/v1/studio/branding")).ShouldBeProblem(401, "expired_credential");
        (await gallery.UnlockAsync(new { visitorToken = visitor.Token })).ShouldBeProblem(422, "pin_required");
        (await gallery.UnlockAsync(new { pin = "111222" })).ShouldBeProblem(403, "wrong_pin");
        // A visitor who proves to be the same one stays the same.
        (await gallery.UnlockAsync(new { pin = "333444", visitorToken = visitor.Token })).ShouldBe(200)["visitorId"].Should().Be(visitor.Id);
    }

    [Fact]
    public async Task A_change_of_the_title_ends_no_visit()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync("111222");
        var visitor = await gallery.VisitorAsync();

        (await studio.Api.PatchAsync(gallery.Path, new { title = "Other" })).ShouldBe(200);

        (await visitor.Api.GetAsync("/v1/studio/branding")).ShouldBe(200);
    }

    [Fact]
    public async Task A_valid_token_prolongs_the_visit_without_the_PIN()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync("111222");
        var visitor = await gallery.VisitorAsync("Clara");

        var again = (await gallery.UnlockAsync(new { visitorToken = visitor.Token })).ShouldBe(200);

        again["visitorId"].Should().Be(visitor.Id);
    }

    [Fact]
    public async Task Another_gallerys_token_opens_nothing_here()
    {
        var studio = await api.StudioAsync();
        var (open, locked) = (await studio.GalleryAsync(), await studio.GalleryAsync("111222", "Locked"));
        var visitor = await open.VisitorAsync();

        (await locked.UnlockAsync(new { visitorToken = visitor.Token })).ShouldBeProblem(422, "pin_required");
        (await visitor.Api.GetAsync($"/v1/storefront/galleries/{locked.Slug}")).ShouldBeProblem(404, "not_found");
        (await locked.UnlockAsync(new { pin = "111222", visitorToken = visitor.Token })).ShouldBe(200)["visitorId"].Should().NotBe(visitor.Id);
    }

    [Theory]
    [InlineData("unpublish")]
    [InlineData("archive")]
    public async Task A_gallery_that_is_not_published_does_not_exist_for_visitors(string action)
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        var visitor = await gallery.VisitorAsync();
        (await studio.Api.PostAsync($"{gallery.Path}/{action}")).ShouldBe(200);

        (await gallery.Storefront.GetAsync($"/v1/storefront/galleries/{gallery.Slug}")).ShouldBeProblem(404, "not_found");
        (await gallery.UnlockAsync()).ShouldBeProblem(404, "not_found");
        (await visitor.Api.GetAsync("/v1/studio/branding")).ShouldBeProblem(401, "expired_credential");
    }

    [Fact]
    public async Task A_storefront_finds_only_its_own_studios_galleries()
    {
        var (anna, ben) = (await api.StudioAsync("anna"), await api.StudioAsync("ben"));
        var (annas, bens) = (await anna.GalleryAsync(title: "Annas only"), await ben.GalleryAsync(title: "Bens only"));

        (await bens.Storefront.GetAsync($"/v1/storefront/galleries/{annas.Slug}")).ShouldBeProblem(404, "not_found");
        (await bens.Storefront.PostAsync($"/v1/storefront/galleries/{annas.Slug}/unlock", new { })).ShouldBeProblem(404, "not_found");
    }

    [Theory]
    [InlineData("""{"pin":"123456","color":"red"}""", "unknown_field")]
    [InlineData("""{"pin":"1234567890123"}""", "validation_failed")]
    [InlineData("""{"pin":123456}""", "malformed_json")]
    [InlineData("""{"pin":"123456","visitorEmail":"nobody"}""", "validation_failed")]
    public async Task A_bad_unlocking_is_named(string body, string code)
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync("123456");

        (await gallery.Storefront.SendAsync(HttpMethod.Post, $"/v1/storefront/galleries/{gallery.Slug}/unlock", body)).ShouldBeProblem(400, code);
    }

    [Fact]
    public async Task Time_closes_a_gallery_its_visits_and_its_tokens()
    {
        await using var host = await ApiHost.StartAsync();
        var studio = await host.StudioAsync();
        var expiring = await studio.GalleryAsync(more: new { expiresAt = host.Clock.GetUtcNow().AddHours(20) });
        var lasting = await studio.GalleryAsync(title: "Lasting");
        var (first, second) = (await expiring.VisitorAsync(), await lasting.VisitorAsync());

        host.Clock.Advance(TimeSpan.FromHours(13));
        (await second.Api.GetAsync("/v1/studio/branding")).ShouldBeProblem(401, "expired_credential");
        var late = (await expiring.UnlockAsync()).ShouldBe(200);
        DateTimeOffset.Parse(late["expiresAt"], null).Should().BeBefore(host.Clock.GetUtcNow().AddHours(8), "a visit does not outlast its gallery");

        host.Clock.Advance(TimeSpan.FromHours(8));
        (await host.Client(late["token"]).GetAsync("/v1/studio/branding")).ShouldBeProblem(401, "expired_credential");
        (await expiring.UnlockAsync()).ShouldBeProblem(410, "gallery_expired");
        (await expiring.Storefront.GetAsync($"/v1/storefront/galleries/{expiring.Slug}")).ShouldBeProblem(410, "gallery_expired");
        (await studio.Api.GetAsync(expiring.Path))["status"].Should().Be("expired");
        (await studio.Api.GetAsync("/v1/galleries?status=expired")).Body!["data"]!.AsArray().Should().HaveCount(1);
        (await studio.Api.PostAsync($"{expiring.Path}/publish")).ShouldBeProblem(409, "expiry_passed");
        (await studio.Api.PatchAsync(expiring.Path, new { title = "Still editable" })).ShouldBe(200);
        (await studio.Api.PatchAsync(expiring.Path, """{"expiresAt":null}""")).ShouldBe(200)["status"].Should().Be("published");
        (await expiring.UnlockAsync()).ShouldBe(200);
        first.Id.Should().NotBe(second.Id);
    }
}
