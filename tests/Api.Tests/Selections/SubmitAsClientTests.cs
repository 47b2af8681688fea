using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Selections;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Selections;

/// <summary>Whoever was forwarded an invitation picks with the client, but submits nothing in the client's name and does not learn the client's address.</summary>
[Trait("Database", "Provider")]
public sealed class SubmitAsClientTests(SubmitAsClientTests.Stage stage) : IClassFixture<SubmitAsClientTests.Stage>, IAsyncLifetime
{
    // The tests have one host, so each has mailboxes of its own.
    private readonly string _clara = $"clara.{Guid.NewGuid():N}@example.com";
    private readonly string _mallory = $"mallory.{Guid.NewGuid():N}@example.net";

    // Mails to each address until now.
    private readonly Dictionary<string, int> _mails = new(StringComparer.OrdinalIgnoreCase);
    private StudioClient _studio = null!;
    private GalleryClient _gallery = null!;
    private string _photo = "";
    private string _client = "";

    public sealed class Stage : IAsyncLifetime
    {
        public ApiHost Host { get; private set; } = null!;

        internal RecordedMail Mail { get; } = new();

        /// <summary>The first statement of each request of a visitor: after it the device has been admitted.</summary>
        internal AfterStatement Admitted { get; } = new("visitor_sessions", "access_version", "SELECT");

        public async ValueTask InitializeAsync() => Host = await ApiHost.StartAsync(services: services =>
        {
            Mail.Use(services);
            Admitted.Watch(services);
        });

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }

    public async ValueTask InitializeAsync()
    {
        _studio = await stage.Host.StudioAsync();
        _gallery = await _studio.GalleryAsync("204816");
        _photo = (await _gallery.ReadyAsync()).Id();
        _client = await ClientAsync("Clara", _clara);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_device_that_the_link_opened_picks_and_submits_once_an_address_of_the_client_is_proven_on_it()
    {
        var device = await InvitedAsync(_client);
        var list = await PickAsync(device);

        var refused = (await SubmitAsync(device, list)).ShouldBeProblem(403, "confirmation_required");
        refused["detail"].Should().Contain("`RequestVisitorCode`").And.Contain("`ConfirmVisitorCode`").And.NotContain("@");
        (await StatusAsync(list)).Should().Be("open");
        (await EventsAsync()).Should().Be(0);

        (await ConfirmAsync(device, _clara.Replace("clara", "CLARA", StringComparison.Ordinal)))["visitorId"].Should().Be(device.Id);
        (await SubmitAsync(device, list)).ShouldBe(200)["status"].Should().Be("submitted");
        (await EventsAsync()).Should().Be(1);
    }

    [Fact]
    public async Task A_proof_on_one_device_is_none_on_another()
    {
        var link = await LinkAsync(_client);
        var (forwarded, hers) = (await RedeemAsync(link), await RedeemAsync(link));
        var list = await PickAsync(forwarded);
        await ConfirmAsync(hers, _clara);

        (await SubmitAsync(forwarded, list)).ShouldBeProblem(403, "confirmation_required");
        (await SubmitAsync(hers, list)).ShouldBe(200);
        // It changes nothing, so nothing has to be proven for it.
        (await SubmitAsync(forwarded, list)).ShouldBe(200)["status"].Should().Be("submitted");
        (await EventsAsync()).Should().Be(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_proves_another_address_submits_a_list_of_their_own_and_never_the_clients(bool isKnownToTheStudio)
    {
        if (isKnownToTheStudio)
        {
            await ClientAsync("Mallory", _mallory);
        }

        var forwarded = await InvitedAsync(_client);
        var list = await PickAsync(forwarded);

        var visit = await ConfirmAsync(forwarded, _mallory);

        visit["visitorId"].Should().NotBe(forwarded.Id);
        (await SubmitAsync(forwarded, list)).ShouldBeProblem(404, "not_found");
        var own = await PickAsync(forwarded);
        var submitted = (await SubmitAsync(forwarded, own)).ShouldBe(200);
        submitted["visitorId"].Should().Be(visit["visitorId"]);
        submitted["visitorEmail"].Should().Be(_mallory);
        (await StatusAsync(list)).Should().Be("open");
        var theirs = (await _studio.Api.GetAsync($"/v1/clients?email={_mallory}")).ShouldBe(200).Body!["data"]![0]!;
        theirs["id"]!.GetValue<string>().Should().NotBe(_client);
        theirs["name"]?.GetValue<string>().Should().NotBe("Clara", "the name on the device was the client's");
        submitted.Body!["visitorName"]?.GetValue<string>().Should().NotBe("Clara");
    }

    [Fact]
    public async Task Guests_reviewers_visitors_who_are_no_client_and_clients_without_an_address_submit_as_before()
    {
        var (guest, reviewer, unreachable) = (await ClientAsync("Ben", "ben@example.com"), await ClientAsync("Eva", "eva@example.com"), await ClientAsync("Tom"));
        foreach (var device in new[] { await InvitedAsync(guest, "guest"), await InvitedAsync(reviewer, "reviewer"), await InvitedAsync(unreachable), await _gallery.VisitorAsync("Lena", _clara) })
        {
            (await SubmitAsync(device, await PickAsync(device))).ShouldBe(200)["status"].Should().Be("submitted");
        }
    }

    [Fact]
    public async Task An_address_that_the_client_no_longer_has_proves_nothing_any_more_also_once_it_is_back()
    {
        var link = await LinkAsync(_client);
        var (earlier, later) = (await RedeemAsync(link), await RedeemAsync(link));
        var list = await PickAsync(earlier);
        await ConfirmAsync(earlier, _clara);

        await SetEmailsAsync(_client, "new@example.com");
        (await SubmitAsync(earlier, list)).ShouldBeProblem(403, "confirmation_required");
        await SetEmailsAsync(_client, "new@example.com", _clara);
        (await SubmitAsync(earlier, list)).ShouldBeProblem(403, "confirmation_required");
        stage.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        await ConfirmAsync(later, _clara);
        (await SubmitAsync(earlier, list)).ShouldBeProblem(403, "confirmation_required");

        (await SubmitAsync(later, list)).ShouldBe(200);
    }

    [Fact]
    public async Task An_address_that_another_client_has_now_no_longer_proves_to_be_this_one()
    {
        var device = await InvitedAsync(_client);
        var list = await PickAsync(device);
        await ConfirmAsync(device, _clara);
        await SetEmailsAsync(_client, "new@example.com");
        var other = await ClientAsync("Other", _clara);
        await ConfirmAsync(await _gallery.VisitorAsync(), _clara);

        (await SubmitAsync(device, list)).ShouldBeProblem(403, "confirmation_required");

        // Proven again, it is the other client's.
        await ConfirmAsync(device, _clara);
        (await SubmitAsync(device, list)).ShouldBeProblem(404, "not_found");
        (await device.Api.GetAsync("/v1/visitor")).ShouldBe(200)["clientId"].Should().Be(other);
    }

    [Fact]
    public async Task A_client_who_loses_all_addresses_can_prove_none_and_submits()
    {
        var device = await InvitedAsync(_client);
        var list = await PickAsync(device);
        (await SubmitAsync(device, list)).ShouldBeProblem(403, "confirmation_required");

        await SetEmailsAsync(_client);

        (await SubmitAsync(device, list)).ShouldBe(200);
    }

    [Fact]
    public async Task Neither_a_merge_nor_a_second_invitation_makes_the_main_client_a_guest()
    {
        // The client was in the gallery before the invitation, known by a code.
        var hers = await _gallery.VisitorAsync();
        await ConfirmAsync(hers, _clara);
        var forwarded = await InvitedAsync(_client);
        forwarded.Id.Should().Be(hers.Id);
        await InvitedAsync(_client, "guest");
        var list = await PickAsync(forwarded);
        (await SubmitAsync(forwarded, list)).ShouldBeProblem(403, "confirmation_required");

        var stranger = await _gallery.VisitorAsync();
        (await _studio.Api.PostAsync($"/v1/visitors/{hers.Id}/merge", new { intoVisitorId = stranger.Id })).ShouldBe(200)["role"].Should().Be("main");

        foreach (var device in new[] { forwarded, hers, stranger })
        {
            (await SubmitAsync(device, list)).ShouldBeProblem(403, "confirmation_required");
        }

        await ConfirmAsync(hers, _clara);
        (await SubmitAsync(hers, list)).ShouldBe(200);
    }

    [Fact]
    public async Task What_happens_between_admission_and_submitting_is_seen()
    {
        var invitation = (await InviteAsync(_client)).ShouldBe(201);
        var device = await RedeemAsync(TokenIn(invitation));
        var list = await PickAsync(device);
        await ConfirmAsync(device, _clara);

        stage.Admitted.Do(() => SetEmailsAsync(_client, "new@example.com"));
        (await SubmitAsync(device, list)).ShouldBeProblem(403, "confirmation_required");
        await ConfirmAsync(device, "new@example.com");

        var stranger = await _gallery.VisitorAsync();
        stage.Admitted.Do(async () => (await _studio.Api.PostAsync($"/v1/visitors/{device.Id}/merge", new { intoVisitorId = stranger.Id })).ShouldBe(200));
        (await SubmitAsync(device, list)).Status.Should().BeOneOf(404, 409);
        await ConfirmAsync(device, "new@example.com");

        stage.Admitted.Do(async () => (await _studio.Api.DeleteAsync($"{_gallery.Path}/invitations/{invitation["id"]}")).ShouldBe(204));
        (await SubmitAsync(device, list)).ShouldBeProblem(401, "expired_credential");

        (await StatusAsync(list)).Should().Be("open");
        (await EventsAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Of_devices_that_submit_at_the_same_moment_one_tells_the_studio()
    {
        var link = await LinkAsync(_client);
        var devices = new[] { await RedeemAsync(link), await RedeemAsync(link), await RedeemAsync(link) };
        var list = await PickAsync(devices[0]);
        foreach (var device in devices)
        {
            await ConfirmAsync(device, _clara);
        }

        var answers = await Task.WhenAll(devices.Concat(devices).Select(d => SubmitAsync(d, list)));

        answers.Should().OnlyContain(a => a.Status == 200);
        (await EventsAsync()).Should().Be(1);
    }

    [Fact]
    public async Task The_same_Idempotency_Key_submits_after_the_proof()
    {
        var device = await InvitedAsync(_client);
        var list = await PickAsync(device);
        Task<ApiAnswer> SubmitOnceAsync() => device.Api.PostAsync($"/v1/selections/{list}/submit", null, "submit-1");
        (await SubmitOnceAsync()).ShouldBeProblem(403, "confirmation_required");

        await ConfirmAsync(device, _clara);

        (await SubmitOnceAsync()).ShouldBe(200)["status"].Should().Be("submitted");
        (await SubmitOnceAsync()).ShouldBe(200).Headers.Should().ContainKey("Idempotency-Replayed");
    }

    [Fact]
    public async Task A_device_on_which_nothing_was_proven_is_told_no_address_of_the_client()
    {
        var link = await LinkAsync(_client, isEmailed: true);
        await stage.Mail.WaitAsync(_clara);
        _mails[_clara] = 1;
        var (hers, forwarded) = (await RedeemAsync(link), await RedeemAsync(link));
        var list = await PickAsync(forwarded);
        await ConfirmAsync(hers, _clara);
        await SetEmailsAsync(_client, _clara, "c@c.example");

        var seen = (await forwarded.Api.GetAsync("/v1/visitor")).ShouldBe(200);
        seen.Body!["maskedEmails"]!.AsArray().Select(e => e!.GetValue<string>()).Should().Equal("c•••@e•••.com", "•••@•••.example");
        seen.Body["emailVerifiedAt"].Should().BeNull();
        foreach (var answer in new[]
        {
            seen,
            await forwarded.Api.PatchAsync("/v1/visitor", new { name = "Clara M." }),
            await forwarded.Api.GetAsync($"/v1/selections/{list}"),
            await forwarded.Api.GetAsync($"{_gallery.Path}/selections"),
            await forwarded.Api.PatchAsync($"/v1/selections/{list}", new { note = "Thank you" }),
            await forwarded.Api.DeleteAsync($"/v1/selections/{list}/picks/{_photo}"),
            await forwarded.Api.PutAsync($"/v1/selections/{list}/picks/{_photo}", new { }),
            await forwarded.Api.GetAsync($"/v1/visitors/{forwarded.Id}/sessions"),
            await SubmitAsync(forwarded, list),
        })
        {
            answer.Text.Should().NotContain(_clara).And.NotContain("c@c.example");
        }

        (await hers.Api.GetAsync("/v1/visitor")).ShouldBe(200)["email"].Should().Be(_clara);
        (await hers.Api.GetAsync($"/v1/selections/{list}")).ShouldBe(200)["visitorEmail"].Should().Be(_clara);
        (await _studio.Api.GetAsync($"/v1/selections/{list}")).ShouldBe(200)["visitorEmail"].Should().Be(_clara);
    }

    private async Task<string> ClientAsync(string name, params string[] emails) => (await _studio.Api.PostAsync("/v1/clients", new { name, emails })).ShouldBe(201)["id"];

    private async Task SetEmailsAsync(string client, params string[] emails) => (await _studio.Api.PatchAsync($"/v1/clients/{client}", new { emails })).ShouldBe(200);

    private Task<ApiAnswer> InviteAsync(string clientId, string role = "main", bool isEmailed = false) =>
        _studio.Api.PostAsync($"{_gallery.Path}/invitations", new { clientId, role, isEmailed });

    private async Task<string> LinkAsync(string client, string role = "main", bool isEmailed = false) => TokenIn((await InviteAsync(client, role, isEmailed)).ShouldBe(201));

    private static string TokenIn(ApiAnswer invitation) => invitation["url"][(invitation["url"].IndexOf('=', StringComparison.Ordinal) + 1)..];

    private async Task<VisitorClient> RedeemAsync(string token)
    {
        var visit = (await _gallery.Storefront.PostAsync("/v1/storefront/links/redeem", new { token })).ShouldBe(200);
        return new VisitorClient(stage.Host.Client(visit["token"]), visit["token"], visit["visitorId"]);
    }

    private async Task<VisitorClient> InvitedAsync(string client, string role = "main") => await RedeemAsync(await LinkAsync(client, role));

    private async Task<string> PickAsync(VisitorClient device)
    {
        var list = (await device.Api.PostAsync($"{_gallery.Path}/selections", new { name = "Album" })).ShouldBe(201)["id"];
        (await device.Api.PutAsync($"/v1/selections/{list}/picks/{_photo}", new { })).ShouldBe(200);
        return list;
    }

    private static Task<ApiAnswer> SubmitAsync(VisitorClient device, string list) => device.Api.PostAsync($"/v1/selections/{list}/submit");

    private async Task<ApiAnswer> ConfirmAsync(VisitorClient device, string email)
    {
        _mails[email] = _mails.GetValueOrDefault(email) + 1;
        (await device.Api.PostAsync("/v1/visitor/codes", new { email })).ShouldBe(202);
        return (await device.Api.PostAsync("/v1/visitor/codes/confirm", new { code = await stage.Mail.CodeAsync(email, _mails[email]) })).ShouldBe(200);
    }

    private async Task<string> StatusAsync(string list) => (await _studio.Api.GetAsync($"/v1/selections/{list}")).ShouldBe(200)["status"];

    private Task<int> EventsAsync() => stage.Host.InScopeAsync(_studio.Id, services => services.GetRequiredService<ProofsheetDb>().Set<OutboxMessage>()
        .CountAsync(m => m.Tenant == Id<Tenant>.Parse(_studio.Id, null) && m.Event == SelectionSubmitted.EventName && m.Handler == null));
}
