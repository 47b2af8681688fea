using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Galleries;

/// <summary>A proven email address brings a person's devices together, and a typed one does not.</summary>
[Trait("Database", "Provider")]
public sealed class VisitorCodeTests : IAsyncLifetime
{
    private readonly RecordedMail _mail = new();
    private ApiHost _host = null!;
    private GalleryClient _gallery = null!;
    private IReadOnlyList<JsonNode> _photos = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(services: _mail.Use);
        _gallery = await (await _host.StudioAsync()).GalleryAsync("204816");
        _photos = await _gallery.ReadyAsync(2);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Two_devices_of_one_person_become_one_visitor_with_everything_of_both()
    {
        var (phone, laptop) = (await _gallery.VisitorAsync("Clara"), await _gallery.VisitorAsync());
        var first = await PickAsync(phone, "Album", 0);
        var second = await PickAsync(laptop, "album", 1);
        await ConfirmAsync(phone, "clara@example.com", 1);

        var visit = await ConfirmAsync(laptop, "Clara@Example.com", 1);

        visit["visitorId"].Should().Be(phone.Id);
        var lists = (await _host.Client(visit["token"]).GetAsync($"{_gallery.Path}/selections")).ShouldBe(200).Body!["data"]!.AsArray();
        lists.Select(l => (l!["id"]!.GetValue<string>(), l["name"]!.GetValue<string>())).Should().BeEquivalentTo([(first, "Album"), (second, "album 2")]);
        // The token from before follows.
        (await laptop.Api.GetAsync("/v1/visitor")).ShouldBe(200)["id"].Should().Be(phone.Id);
        var known = (await _gallery.Studio.Api.GetAsync("/v1/clients?email=CLARA@example.com")).ShouldBe(200).Body!["data"]!.AsArray().Should().ContainSingle().Subject!;
        known["emails"]![0]!["verifiedAt"].Should().NotBeNull();
        (await _gallery.Studio.Api.GetAsync($"{_gallery.Path}/visitors")).ShouldBe(200).Body!["data"]!.AsArray().Select(v => v!["clientId"]!.GetValue<string>()).Should().Equal(known["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Who_only_typed_an_address_keeps_everything_and_learns_nothing_and_who_proves_it_gets_copies()
    {
        var typed = await _gallery.VisitorAsync("Clara", "clara@example.com");
        var list = await PickAsync(typed, "Album", 0);
        var proven = await _gallery.VisitorAsync();

        var visit = await ConfirmAsync(proven, "clara@example.com", 1);
        var api = _host.Client(visit["token"]);
        var copy = (await api.GetAsync($"{_gallery.Path}/selections")).ShouldBe(200).Body!["data"]!.AsArray().Should().ContainSingle().Subject!;
        (await api.PutAsync($"/v1/selections/{copy["id"]}/picks/{_photos[1]["id"]}", new { })).ShouldBe(200);

        copy["id"]!.GetValue<string>().Should().NotBe(list);
        copy["picks"]![0]!["photoId"]!.GetValue<string>().Should().Be(_photos[0]["id"]!.GetValue<string>());
        (await typed.Api.GetAsync("/v1/visitor")).ShouldBe(200)["id"].Should().Be(typed.Id);
        (await typed.Api.GetAsync($"{_gallery.Path}/selections")).ShouldBe(200).Body!["data"]!.AsArray().Should().ContainSingle().Which!["pickCount"]!.GetValue<int>().Should().Be(1);
        (await typed.Api.GetAsync($"/v1/selections/{copy["id"]}")).ShouldBeProblem(404, "not_found");

        // Confirming again copies nothing twice, and once the first device is confirmed too, both are one.
        (await ConfirmAsync(proven, "clara@example.com", 2))["visitorId"].Should().Be(proven.Id);
        (await ConfirmAsync(typed, "clara@example.com", 3))["visitorId"].Should().Be(proven.Id);
        (await api.GetAsync($"{_gallery.Path}/selections")).ShouldBe(200).Body!["data"]!.AsArray().Should().HaveCount(2);
    }

    [Fact]
    public async Task A_code_works_once_and_only_on_the_device_that_asked_for_it()
    {
        var (asking, other) = (await _gallery.VisitorAsync(), await _gallery.VisitorAsync());
        var code = await CodeAsync(asking, "clara@example.com", 1);

        (await other.Api.PostAsync("/v1/visitor/codes/confirm", new { code })).ShouldBeProblem(403, "wrong_code");
        (await asking.Api.PostAsync("/v1/visitor/codes/confirm", new { code })).ShouldBe(200);
        (await asking.Api.PostAsync("/v1/visitor/codes/confirm", new { code })).ShouldBeProblem(403, "wrong_code");
    }

    [Fact]
    public async Task Five_wrong_guesses_or_ten_minutes_end_a_code()
    {
        var visitor = await _gallery.VisitorAsync();
        var code = await CodeAsync(visitor, "clara@example.com", 1);
        var wrong = code == "000000" ? "111111" : "000000";
        var guesses = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => visitor.Api.PostAsync("/v1/visitor/codes/confirm", new { code = wrong })));
        guesses.Should().OnlyContain(g => g.Status == 403);

        (await visitor.Api.PostAsync("/v1/visitor/codes/confirm", new { code })).ShouldBeProblem(403, "wrong_code");
        var next = await CodeAsync(visitor, "clara@example.com", 2);
        _host.Clock.Advance(TimeSpan.FromMinutes(11));
        (await visitor.Api.PostAsync("/v1/visitor/codes/confirm", new { code = next })).ShouldBeProblem(403, "wrong_code");
    }

    [Fact]
    public async Task A_mailbox_gets_five_codes_an_hour_whoever_asks()
    {
        for (var i = 0; i < 5; i++)
        {
            (await (await _gallery.VisitorAsync()).Api.PostAsync("/v1/visitor/codes", new { email = "clara@example.com" })).ShouldBe(202);
        }

        var refused = await (await _gallery.VisitorAsync()).Api.PostAsync("/v1/visitor/codes", new { email = "CLARA@example.com" });

        refused.ShouldBeProblem(429, "too_many_codes");
        refused.Headers.Should().ContainKey("Retry-After");
    }

    [Fact]
    public async Task The_response_is_the_same_for_a_known_address()
    {
        (await _gallery.Studio.Api.PostAsync("/v1/clients", new { emails = new[] { "clara@example.com" } })).ShouldBe(201);
        var visitor = await _gallery.VisitorAsync();

        var (known, unknown) = (await visitor.Api.PostAsync("/v1/visitor/codes", new { email = "clara@example.com" }), await visitor.Api.PostAsync("/v1/visitor/codes", new { email = "ben@example.com" }));

        (known.Status, known.Text).Should().Be((202, unknown.Text));
        unknown.Status.Should().Be(202);
    }

    [Fact]
    public async Task Devices_that_confirm_at_the_same_moment_end_as_one_visitor_of_one_client()
    {
        var devices = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _gallery.VisitorAsync()));
        var codes = new List<string>();
        foreach (var device in devices)
        {
            codes.Add(await CodeAsync(device, "clara@example.com", codes.Count + 1));
        }

        await Task.WhenAll(devices.Select((d, i) => d.Api.PostAsync("/v1/visitor/codes/confirm", new { code = codes[i] })));

        (await _gallery.Studio.Api.GetAsync("/v1/clients")).ShouldBe(200).Body!["data"]!.AsArray().Should().ContainSingle();
    }

    [Fact]
    public async Task The_studio_merges_visitors_and_old_tokens_follow()
    {
        var (one, two) = (await _gallery.VisitorAsync("Clara"), await _gallery.VisitorAsync());
        var list = await PickAsync(one, "Album", 0);
        var studio = _gallery.Studio.Api;

        (await studio.PostAsync($"/v1/visitors/{one.Id}/merge", new { intoVisitorId = one.Id })).ShouldBeProblem(422, "visitors_not_mergeable");
        (await studio.PostAsync($"/v1/visitors/{one.Id}/merge", new { intoVisitorId = two.Id })).ShouldBe(200)["name"].Should().Be("Clara");
        (await studio.PostAsync($"/v1/visitors/{one.Id}/merge", new { intoVisitorId = two.Id })).ShouldBeProblem(409, "visitor_merged");

        (await one.Api.GetAsync("/v1/visitor")).ShouldBe(200)["id"].Should().Be(two.Id);
        (await two.Api.GetAsync($"/v1/selections/{list}")).ShouldBe(200);
        (await studio.GetAsync("/v1/audit?limit=50")).Text.Should().Contain("mergedInto");
    }

    private async Task<string> PickAsync(VisitorClient visitor, string name, int photo)
    {
        var list = (await visitor.Api.PostAsync($"{_gallery.Path}/selections", new { name })).ShouldBe(201)["id"];
        (await visitor.Api.PutAsync($"/v1/selections/{list}/picks/{_photos[photo]["id"]}", new { })).ShouldBe(200);
        return list;
    }

    private async Task<string> CodeAsync(VisitorClient visitor, string email, int count)
    {
        (await visitor.Api.PostAsync("/v1/visitor/codes", new { email })).ShouldBe(202);
        var address = email.Replace("Example", "example", StringComparison.Ordinal);
        return await _mail.CodeAsync(address, count);
    }

    private async Task<ApiAnswer> ConfirmAsync(VisitorClient visitor, string email, int count) =>
        (await visitor.Api.PostAsync("/v1/visitor/codes/confirm", new { code = await CodeAsync(visitor, email, count) })).ShouldBe(200);
}
