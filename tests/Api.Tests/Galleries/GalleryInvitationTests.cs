using FluentAssertions;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Galleries;

/// <summary>A client's link: opened again, on several devices, forwarded, ended, revoked.</summary>
[Trait("Database", "Provider")]
public sealed class GalleryInvitationTests : IAsyncLifetime
{
    private readonly RecordedMail _mail = new();
    private ApiHost _host = null!;
    private StudioClient _studio = null!;
    private GalleryClient _gallery = null!;
    private string _client = "";

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(new() { ["Storefront:BaseUrl"] = "https://proofs.example" }, _mail.Use);
        _studio = await _host.StudioAsync();
        _gallery = await _studio.GalleryAsync("204816");
        _client = (await _studio.Api.PostAsync("/v1/clients", new { name = "Clara", emails = new[] { "clara@example.com" } })).ShouldBe(201)["id"];
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_link_of_the_mail_opens_the_gallery_on_every_device_as_one_visitor()
    {
        await InviteAsync(new { clientId = _client, message = "With love" });
        var mail = await _mail.WaitAsync("clara@example.com");
        mail.Text.Should().Contain("With love").And.Contain("Hello Clara").And.Contain($"https://proofs.example/g/{_gallery.Slug}#invitation=");
        var token = TokenIn(mail.Text!);

        var (phone, laptop) = ((await RedeemAsync(token)).ShouldBe(200), (await RedeemAsync(token)).ShouldBe(200));

        laptop["visitorId"].Should().Be(phone["visitorId"]);
        laptop["sessionId"].Should().NotBe(phone["sessionId"]);
        var visitor = (await _host.Client(laptop["token"]).GetAsync("/v1/visitor")).ShouldBe(200);
        (visitor["name"], visitor["role"], visitor["clientId"]).Should().Be(("Clara", "main", _client));
        (await _studio.Api.GetAsync($"{_gallery.Path}/invitations")).ShouldBe(200).Body!["data"]![0]!["openedAt"].Should().NotBeNull();
    }

    [Fact]
    public async Task Two_people_with_one_link_choose_on_one_list()
    {
        var photos = await _gallery.ReadyAsync(2);
        var token = await LinkAsync();
        var (one, two) = (_host.Client((await RedeemAsync(token)).ShouldBe(200)["token"]), _host.Client((await RedeemAsync(token)).ShouldBe(200)["token"]));
        var list = (await one.PostAsync($"{_gallery.Path}/selections", new { name = "Album" })).ShouldBe(201)["id"];

        await Task.WhenAll(one.PutAsync($"/v1/selections/{list}/picks/{photos[0]["id"]}", new { }), two.PutAsync($"/v1/selections/{list}/picks/{photos[1]["id"]}", new { }));

        (await two.GetAsync($"/v1/selections/{list}")).ShouldBe(200).Body!["pickCount"]!.GetValue<int>().Should().Be(2);
    }

    [Fact]
    public async Task What_was_chosen_before_the_link_was_opened_is_kept()
    {
        var photos = await _gallery.ReadyAsync(1);
        var before = (await _gallery.UnlockAsync()).ShouldBe(200);
        var list = (await _host.Client(before["token"]).PostAsync($"{_gallery.Path}/selections", new { name = "Album" })).ShouldBe(201)["id"];
        (await _host.Client(before["token"]).PutAsync($"/v1/selections/{list}/picks/{photos[0]["id"]}", new { })).ShouldBe(200);

        var opened = (await RedeemAsync(await LinkAsync(), before["refreshToken"])).ShouldBe(200);

        opened["sessionId"].Should().Be(before["sessionId"]);
        (await _host.Client(opened["token"]).GetAsync($"/v1/selections/{list}")).ShouldBe(200);
    }

    [Fact]
    public async Task Another_clients_device_is_not_taken_over()
    {
        var ben = (await _studio.Api.PostAsync("/v1/clients", new { name = "Ben" })).ShouldBe(201)["id"];
        var bens = (await RedeemAsync(TokenIn((await InviteAsync(new { clientId = ben, isEmailed = false })).ShouldBe(201)["url"]))).ShouldBe(200);

        var opened = (await RedeemAsync(await LinkAsync(), bens["refreshToken"])).ShouldBe(200);

        opened["visitorId"].Should().NotBe(bens["visitorId"]);
        (await _host.Client(bens["token"]).GetAsync("/v1/visitor")).ShouldBe(200)["name"].Should().Be("Ben");
    }

    [Fact]
    public async Task A_revoked_link_opens_nothing_and_its_devices_are_signed_out()
    {
        var invitation = (await InviteAsync(new { clientId = _client, isEmailed = false })).ShouldBe(201);
        var visit = (await RedeemAsync(TokenIn(invitation["url"]))).ShouldBe(200);

        (await _studio.Api.DeleteAsync($"{_gallery.Path}/invitations/{invitation["id"]}")).ShouldBe(204);
        (await _studio.Api.DeleteAsync($"{_gallery.Path}/invitations/{invitation["id"]}")).ShouldBe(204);

        (await RedeemAsync(TokenIn(invitation["url"]))).ShouldBeProblem(410, "link_ended");
        (await _host.Client(visit["token"]).GetAsync("/v1/visitor")).ShouldBeProblem(401, "expired_credential");
        (await VisitorSessionTests.RefreshAsync(_gallery, visit["refreshToken"])).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task A_new_PIN_ends_devices_and_the_link_opens_the_gallery_again()
    {
        var token = await LinkAsync();
        var visit = (await RedeemAsync(token)).ShouldBe(200);
        (await _studio.Api.PutAsync($"{_gallery.Path}/access", new { requires = "pin", pin = "930211" })).ShouldBe(200);

        (await VisitorSessionTests.RefreshAsync(_gallery, visit["refreshToken"])).ShouldBeProblem(403, "access_changed");
        (await RedeemAsync(token)).ShouldBe(200)["visitorId"].Should().Be(visit["visitorId"]);
    }

    [Fact]
    public async Task A_link_that_was_sent_again_replaces_the_one_before()
    {
        var invitation = (await InviteAsync(new { clientId = _client })).ShouldBe(201);
        var first = TokenIn((await _mail.WaitAsync("clara@example.com")).Text!);
        (await _studio.Api.PostAsync($"{_gallery.Path}/invitations/{invitation["id"]}/resend")).ShouldBeProblem(409, "invitation_just_sent");
        _host.Clock.Advance(TimeSpan.FromMinutes(2));
        (await _studio.Api.PostAsync($"{_gallery.Path}/invitations/{invitation["id"]}/resend")).ShouldBe(200);
        var second = TokenIn((await _mail.WaitAsync("clara@example.com", 2)).Text!);

        (await RedeemAsync(first)).ShouldBeProblem(404, "not_found");
        (await RedeemAsync(second)).ShouldBe(200);
    }

    [Fact]
    public async Task Links_end_with_their_date_and_with_the_gallery_and_belong_to_one_studio()
    {
        var token = await LinkAsync();
        var ben = await (await _host.StudioAsync("ben")).GalleryAsync();
        (await ben.Storefront.PostAsync("/v1/storefront/links/redeem", new { token })).ShouldBeProblem(404, "not_found");
        (await RedeemAsync(token[..^1] + "x")).ShouldBeProblem(404, "not_found");
        (await _studio.Api.PostAsync($"{_gallery.Path}/unpublish")).ShouldBe(200);
        (await RedeemAsync(token)).ShouldBeProblem(404, "not_found");
        (await _studio.Api.PostAsync($"{_gallery.Path}/publish")).ShouldBe(200);
        (await RedeemAsync(token)).ShouldBe(200);

        _host.Clock.Advance(TimeSpan.FromDays(91));

        (await RedeemAsync(token)).ShouldBeProblem(410, "link_ended");
    }

    [Fact]
    public async Task Invitations_that_would_open_nothing_are_refused()
    {
        var unreachable = (await _studio.Api.PostAsync("/v1/clients", new { name = "Ben" })).ShouldBe(201)["id"];
        (await InviteAsync(new { clientId = unreachable })).ShouldBeProblem(422, "client_without_email");
        (await InviteAsync(new { clientId = "cli_01m8nqnf7fembs29k80csb3t81" })).ShouldBeProblem(422, "unknown_client");
        (await InviteAsync(new { clientId = _client, endsAt = "2020-01-01T00:00:00Z" })).ShouldBeProblem(422, "already_expired");
        (await _studio.Api.PostAsync($"{_gallery.Path}/unpublish")).ShouldBe(200);
        (await InviteAsync(new { clientId = _client })).ShouldBeProblem(422, "gallery_not_open");
    }

    [Fact]
    public async Task A_deleted_clients_link_opens_nothing_and_the_visitor_stays_with_the_studio()
    {
        var token = await LinkAsync();
        var visit = (await RedeemAsync(token)).ShouldBe(200);

        (await _studio.Api.DeleteAsync($"/v1/clients/{_client}")).ShouldBe(204);

        (await RedeemAsync(token)).ShouldBeProblem(404, "not_found");
        (await _host.Client(visit["token"]).GetAsync("/v1/visitor")).ShouldBeProblem(401, "expired_credential");
        (await _studio.Api.GetAsync($"{_gallery.Path}/visitors")).ShouldBe(200).Body!["data"]![0]!["name"]!.GetValue<string>().Should().Be("Clara");
    }

    private Task<ApiAnswer> InviteAsync(object body) => _studio.Api.PostAsync($"{_gallery.Path}/invitations", body);

    private async Task<string> LinkAsync() => TokenIn((await InviteAsync(new { clientId = _client, isEmailed = false })).ShouldBe(201)["url"]);

    private Task<ApiAnswer> RedeemAsync(string token, string? refreshToken = null) => _gallery.Storefront.PostAsync("/v1/storefront/links/redeem", new { token, refreshToken });

    private static string TokenIn(string text) => text[(text.IndexOf("#invitation=", StringComparison.Ordinal) + "#invitation=".Length)..][..47];
}
