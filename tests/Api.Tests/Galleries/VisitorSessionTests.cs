using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Galleries;

/// <summary>Devices that are remembered, and how they are forgotten.</summary>
[Trait("Database", "Provider")]
public sealed class VisitorSessionTests(ApiHost api)
{
    [Fact]
    public async Task A_device_comes_back_without_the_PIN_as_the_same_visitor_with_its_picks()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync("204816");
        var photo = await gallery.ReadyAsync();
        var visit = (await gallery.UnlockAsync(new { pin = "204816" })).ShouldBe(200);
        var visitor = api.Client(visit["token"]);
        var list = (await visitor.PostAsync($"{gallery.Path}/selections", new { name = "Favorites" })).ShouldBe(201)["id"];
        (await visitor.PutAsync($"/v1/selections/{list}/picks/{photo["id"]}", new { })).ShouldBe(200);

        var again = (await RefreshAsync(gallery, visit["refreshToken"])).ShouldBe(200);

        again["visitorId"].Should().Be(visit["visitorId"]);
        again["sessionId"].Should().Be(visit["sessionId"]);
        again["refreshToken"].Should().Be(visit["refreshToken"]);
        again["gallerySlug"].Should().Be(gallery.Slug);
        (await api.Client(again["token"]).GetAsync($"/v1/selections/{list}")).ShouldBe(200).Body!["pickCount"]!.GetValue<int>().Should().Be(1);
        // Two tabs, or a response that was lost.
        (await RefreshAsync(gallery, visit["refreshToken"])).ShouldBe(200)["visitorId"].Should().Be(visit["visitorId"]);
        (await visitor.GetAsync("/v1/visitor")).ShouldBe(200);
    }

    [Fact]
    public async Task A_shared_computer_gets_nothing_to_come_back_with()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync("204816");

        var visit = (await gallery.UnlockAsync(new { pin = "204816", isRemembered = false })).ShouldBe(200);

        visit.Body!["refreshToken"].Should().BeNull();
        visit["sessionEndsAt"].Should().Be(visit["expiresAt"]);
    }

    [Fact]
    public async Task What_is_no_refresh_token_of_the_studio_opens_nothing()
    {
        var (anna, ben) = (await (await api.StudioAsync("anna")).GalleryAsync("204816"), await (await api.StudioAsync("ben")).GalleryAsync());
        var token = (await anna.UnlockAsync(new { pin = "204816" })).ShouldBe(200)["refreshToken"];

        (await RefreshAsync(ben, token)).ShouldBeProblem(404, "not_found");
        (await RefreshAsync(anna, token[..^1] + (token[^1] == '0' ? '1' : '0'))).ShouldBeProblem(404, "not_found");
        (await RefreshAsync(anna, new string('x', 60))).ShouldBeProblem(404, "not_found");
        (await anna.UnlockAsync(new { refreshToken = "ps_visit_" + new string('0', 38) })).ShouldBeProblem(422, "pin_required");
        (await api.Client(token).GetAsync("/v1/visitor")).ShouldBeProblem(401, "invalid_credential");
    }

    [Fact]
    public async Task A_refresh_token_opens_only_its_own_gallery()
    {
        var studio = await api.StudioAsync();
        var (one, two) = (await studio.GalleryAsync("204816"), await studio.GalleryAsync("930211", "Two"));
        var visit = (await one.UnlockAsync(new { pin = "204816" })).ShouldBe(200);

        (await two.UnlockAsync(new { refreshToken = visit["refreshToken"] })).ShouldBeProblem(422, "pin_required");
        (await two.UnlockAsync(new { pin = "930211", refreshToken = visit["refreshToken"] })).ShouldBe(200)["visitorId"].Should().NotBe(visit["visitorId"]);
    }

    [Fact]
    public async Task A_new_PIN_has_to_be_known_and_the_visitor_stays_the_same()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync("204816");
        var visit = (await gallery.UnlockAsync(new { pin = "204816" })).ShouldBe(200);
        (await studio.Api.PutAsync($"{gallery.Path}/access", new { requires = "pin", pin = "930211" })).ShouldBe(200);

        (await RefreshAsync(gallery, visit["refreshToken"])).ShouldBeProblem(403, "access_changed");
        (await gallery.UnlockAsync(new { refreshToken = visit["refreshToken"] })).ShouldBeProblem(422, "pin_required");
        (await gallery.UnlockAsync(new { pin = "204816", refreshToken = visit["refreshToken"] })).ShouldBeProblem(403, "wrong_pin");
        (await gallery.UnlockAsync(new { pin = "930211", refreshToken = visit["refreshToken"] })).ShouldBe(200)["visitorId"].Should().Be(visit["visitorId"]);
        (await RefreshAsync(gallery, visit["refreshToken"])).ShouldBe(200);
    }

    [Fact]
    public async Task A_token_from_before_a_new_PIN_opens_nothing_although_its_device_knows_the_new_one()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync("204816");
        var visit = (await gallery.UnlockAsync(new { pin = "204816" })).ShouldBe(200);
        (await studio.Api.PutAsync($"{gallery.Path}/access", new { requires = "pin", pin = "930211" })).ShouldBe(200);
        (await gallery.UnlockAsync(new { pin = "930211", refreshToken = visit["refreshToken"] })).ShouldBe(200);

        (await gallery.UnlockAsync(new { visitorToken = visit["token"] })).ShouldBeProblem(422, "pin_required");
        (await gallery.UnlockAsync(new { visitorToken = visit["token"], pin = "204816" })).ShouldBeProblem(403, "wrong_pin");
        (await RefreshAsync(gallery, visit["refreshToken"])).ShouldBe(200);
    }

    [Fact]
    public async Task Devices_are_listed_and_signed_out_one_by_one()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync("204816");
        var visit = (await gallery.UnlockAsync(new { pin = "204816" })).ShouldBe(200);
        var other = (await gallery.UnlockAsync(new { pin = "204816" })).ShouldBe(200);
        var (visitor, path) = (api.Client(visit["token"]), $"/v1/visitors/{visit["visitorId"]}/sessions");

        (await studio.Api.GetAsync(path)).ShouldBe(200).Body!["data"]!.AsArray().Select(s => (s!["id"]!.GetValue<string>(), s["isCurrent"]!.GetValue<bool>())).Should().Equal((visit["sessionId"], false));
        (await visitor.GetAsync(path)).ShouldBe(200).Body!["data"]![0]!["isCurrent"]!.GetValue<bool>().Should().BeTrue();
        (await visitor.GetAsync($"/v1/visitors/{other["visitorId"]}/sessions")).ShouldBeProblem(404, "not_found");
        (await visitor.DeleteAsync($"/v1/visitors/{other["visitorId"]}/sessions/{other["sessionId"]}")).ShouldBeProblem(404, "not_found");
        (await visitor.DeleteAsync($"{path}/{other["sessionId"]}")).ShouldBeProblem(404, "not_found");
        (await visitor.DeleteAsync($"{path}/{visit["sessionId"]}")).ShouldBe(204);

        (await visitor.GetAsync("/v1/visitor")).ShouldBeProblem(401, "expired_credential");
        (await RefreshAsync(gallery, visit["refreshToken"])).ShouldBeProblem(404, "not_found");
        (await gallery.UnlockAsync(new { visitorToken = visit["token"] })).ShouldBeProblem(422, "pin_required");
        (await RefreshAsync(gallery, other["refreshToken"])).ShouldBe(200);
        (await studio.Api.GetAsync(path)).ShouldBe(200).Body!["data"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task A_device_is_forgotten_after_thirty_days_and_remembered_for_as_long_from_each_visit()
    {
        await using var host = await ApiHost.StartAsync();
        var gallery = await (await host.StudioAsync()).GalleryAsync("204816");
        var visit = (await gallery.UnlockAsync(new { pin = "204816" })).ShouldBe(200);

        host.Clock.Advance(TimeSpan.FromDays(29));
        (await gallery.UnlockAsync(new { visitorToken = visit["token"] })).ShouldBeProblem(422, "pin_required");
        (await RefreshAsync(gallery, visit["refreshToken"])).ShouldBe(200);
        host.Clock.Advance(TimeSpan.FromDays(29));
        (await RefreshAsync(gallery, visit["refreshToken"])).ShouldBe(200);
        host.Clock.Advance(TimeSpan.FromDays(31));

        (await RefreshAsync(gallery, visit["refreshToken"])).ShouldBeProblem(404, "not_found");
        (await gallery.UnlockAsync(new { refreshToken = visit["refreshToken"] })).ShouldBeProblem(422, "pin_required");
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.Services.GetRequiredService<VisitorSweeper>().SweepAsync(default);
        (await host.InScopeAsync(gallery.Studio.Id, services => services.GetRequiredService<ProofsheetDb>().Set<VisitorSession>().CountAsync())).Should().Be(0);
    }

    [Fact]
    public async Task A_gallery_that_has_expired_or_was_unpublished_is_closed_to_devices_too()
    {
        await using var host = await ApiHost.StartAsync();
        var studio = await host.StudioAsync();
        var gallery = await studio.GalleryAsync("204816", more: new { expiresAt = host.Clock.GetUtcNow().AddDays(2) });
        var visit = (await gallery.UnlockAsync(new { pin = "204816" })).ShouldBe(200);
        (await studio.Api.PostAsync($"{gallery.Path}/unpublish")).ShouldBe(200);

        (await RefreshAsync(gallery, visit["refreshToken"])).ShouldBeProblem(404, "not_found");
        (await studio.Api.PostAsync($"{gallery.Path}/publish")).ShouldBe(200);
        (await RefreshAsync(gallery, visit["refreshToken"])).ShouldBe(200);
        host.Clock.Advance(TimeSpan.FromDays(3));
        (await RefreshAsync(gallery, visit["refreshToken"])).ShouldBeProblem(410, "gallery_expired");
    }

    internal static Task<ApiAnswer> RefreshAsync(GalleryClient gallery, string refreshToken) => gallery.Storefront.PostAsync("/v1/storefront/visits/refresh", new { refreshToken });
}
