using System.Collections.Concurrent;
using System.Globalization;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Proofsheet.Api.Data;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;
using Xunit;

namespace Proofsheet.Api.Tests.Galleries;

/// <summary>Guesses from many addresses: they are noticed, they slow strangers down, and they lock nobody out.</summary>
public sealed class GuessBudgetTests : IAsyncLifetime
{
    private const string Pin = "111222";
    private readonly Outbound _mails = new();
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(
        new()
        {
            ["Galleries:Unlock:FailuresPerAddress"] = "10",
            ["ForwardedHeaders:KnownProxies:0"] = "127.0.0.1",
            ["ForwardedHeaders:KnownProxies:1"] = "::1",
        },
        services => services.Replace(ServiceDescriptor.Singleton<IMailSender>(_mails)));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static Task<ApiAnswer> From(GalleryClient gallery, string address, object body) => gallery.Storefront.SendAsync(
        HttpMethod.Post, $"/v1/storefront/galleries/{gallery.Slug}/unlock", body, request => request.Headers.Add("X-Forwarded-For", address));

    private static async Task AttackAsync(GalleryClient gallery, int guesses, int network = 1)
    {
        for (var i = 1; i <= guesses; i++)
        {
            (await From(gallery, $"198.51.{network}.{i}", new { pin = "000000" })).ShouldBeProblem(403, "wrong_pin");
        }
    }

    private async Task<GalleryClient> GalleryAsync()
    {
        var studio = await _host.StudioAsync();
        (await studio.Api.PatchAsync("/v1/studio/branding", new { contactEmail = "anna@studio.example" })).ShouldBe(200);
        return await studio.GalleryAsync(Pin);
    }

    private Task<int> NoticesAsync(GalleryClient gallery) => _host.InScopeAsync(
        gallery.Studio.Id, services => services.GetRequiredService<ProofsheetDb>().Set<OutboxMessage>().CountAsync(m => m.Event == "galleries.guessing_noticed"));

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Fifty_nine_addresses_with_one_guess_each_are_noticed_once()
    {
        var gallery = await GalleryAsync();

        await Task.WhenAll(Enumerable.Range(1, 59).Select(i => From(gallery, $"198.51.100.{i}", new { pin = "000000" })));

        (await NoticesAsync(gallery)).Should().Be(1);
        await _host.QuietAsync(gallery.Studio.Id);
        var mail = _mails.All.Should().ContainSingle().Subject;
        mail.To.Address.Should().Be("anna@studio.example");
        mail.Subject.Should().Contain("Clara & Jonas");
        // Those that came at the same moment may be counted already.
        int.Parse(mail.Text.Split("Within an hour, ")[1].Split(' ')[0], CultureInfo.InvariantCulture).Should().BeInRange(50, 59);
    }

    [Fact]
    public async Task A_crowd_that_mistypes_is_no_attack()
    {
        var gallery = await GalleryAsync();
        for (var guest = 1; guest <= 60; guest++)
        {
            (await From(gallery, $"198.51.100.{guest}", new { pin = "111221" })).ShouldBeProblem(403, "wrong_pin");
            (await From(gallery, $"198.51.100.{guest}", new { pin = Pin })).ShouldBe(200);
        }

        (await NoticesAsync(gallery)).Should().Be(0);
        // Those right guesses have not made up for more than the wrong ones before them.
        await AttackAsync(gallery, 50, network: 7);
        (await NoticesAsync(gallery)).Should().Be(1);
    }

    [Fact]
    public async Task A_studio_without_a_contact_address_is_told_at_its_owners()
    {
        var studio = await _host.StudioAsync();
        var owner = await studio.MemberAsync("owner");
        await studio.MemberAsync("viewer");
        var gallery = await studio.GalleryAsync(Pin);

        await AttackAsync(gallery, 50);
        await _host.QuietAsync(studio.Id);

        _mails.All.Should().ContainSingle().Which.To.Address.Should().Be(owner.Email);
    }

    [Fact]
    public async Task Guests_get_in_during_an_attack_at_the_first_try_and_after_a_mistake()
    {
        var gallery = await GalleryAsync();
        await AttackAsync(gallery, 200);

        (await From(gallery, "203.0.113.1", new { pin = Pin })).ShouldBe(200);
        (await From(gallery, "203.0.113.2", new { pin = "111221" })).ShouldBeProblem(403, "wrong_pin");
        (await From(gallery, "203.0.113.2", new { pin = Pin })).ShouldBe(200);
    }

    [Fact]
    public async Task An_attack_leaves_strangers_fewer_guesses_and_growing_waits()
    {
        var gallery = await GalleryAsync();
        await AttackAsync(gallery, 50);
        var waits = new List<int>();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 3; i++)
            {
                (await From(gallery, "203.0.113.9", new { pin = "000000" })).ShouldBeProblem(403, "wrong_pin");
            }

            var refused = (await From(gallery, "203.0.113.9", new { pin = Pin })).ShouldBeProblem(429, "too_many_attempts");
            waits.Add(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture));
            _host.Clock.Advance(TimeSpan.FromSeconds(waits[^1]));
        }

        waits.Should().SatisfyRespectively(w => w.Should().BeInRange(290, 300), w => w.Should().BeInRange(590, 600), w => w.Should().BeInRange(1190, 1200));
        (await From(gallery, "203.0.113.9", new { pin = Pin })).ShouldBe(200);
    }

    [Fact]
    public async Task Whoever_has_been_in_is_not_slowed_by_an_attack_even_from_the_same_address()
    {
        var gallery = await GalleryAsync();
        var (guest, other) = ((await From(gallery, "203.0.113.9", new { pin = Pin })).ShouldBe(200)["token"], (await From(gallery, "203.0.113.9", new { pin = Pin })).ShouldBe(200)["token"]);
        await AttackAsync(gallery, 50);
        for (var i = 0; i < 3; i++)
        {
            (await From(gallery, "203.0.113.9", new { pin = "000000" })).ShouldBeProblem(403, "wrong_pin");
        }

        (await From(gallery, "203.0.113.9", new { pin = Pin })).ShouldBeProblem(429, "too_many_attempts");

        var renewed = (await From(gallery, "203.0.113.9", new { visitorToken = guest })).ShouldBe(200)["token"];
        (await From(gallery, "203.0.113.9", new { visitorToken = renewed })).ShouldBe(200);
        // The PIN changes, so a token no longer opens; but it still tells its visitor from strangers.
        (await gallery.Studio.Api.PutAsync($"{gallery.Path}/access", new { requires = "pin", pin = "333444" })).ShouldBe(200);
        for (var i = 0; i < 9; i++)
        {
            (await From(gallery, "203.0.113.9", new { pin = "000000", visitorToken = renewed })).ShouldBeProblem(403, "wrong_pin");
        }

        (await From(gallery, "203.0.113.9", new { pin = "333444", visitorToken = renewed })).ShouldBe(200);
        (await From(gallery, "203.0.113.9", new { pin = "333444", visitorToken = other })).ShouldBe(200);
    }

    [Fact]
    public async Task A_former_visitors_token_buys_no_more_guesses_from_other_addresses()
    {
        var gallery = await GalleryAsync();
        var token = (await From(gallery, "203.0.113.9", new { pin = Pin })).ShouldBe(200)["token"];
        (await gallery.Studio.Api.PutAsync($"{gallery.Path}/access", new { requires = "pin", pin = "333444" })).ShouldBe(200);
        for (var i = 0; i < 10; i++)
        {
            (await From(gallery, $"198.51.7.{i}", new { pin = "000000", visitorToken = token })).ShouldBeProblem(403, "wrong_pin");
        }

        (await From(gallery, "198.51.7.99", new { pin = "333444", visitorToken = token })).ShouldBeProblem(429, "too_many_attempts");
        // Without the token it is a stranger like any other.
        (await From(gallery, "198.51.7.99", new { pin = "333444" })).ShouldBe(200);
    }

    [Fact]
    public async Task An_episode_ends_after_an_hour_below_the_budget_and_the_next_one_is_told_again()
    {
        var gallery = await GalleryAsync();
        await AttackAsync(gallery, 55);
        _host.Clock.Advance(TimeSpan.FromMinutes(61));
        await AttackAsync(gallery, 55, network: 2);
        (await NoticesAsync(gallery)).Should().Be(1, "the attack goes on");

        _host.Clock.Advance(TimeSpan.FromHours(3));
        await AttackAsync(gallery, 49, network: 3);
        (await NoticesAsync(gallery)).Should().Be(1);
        await AttackAsync(gallery, 1, network: 4);
        (await NoticesAsync(gallery)).Should().Be(2);
    }

    [Fact]
    public async Task Guesses_at_one_gallery_tighten_no_other()
    {
        var gallery = await GalleryAsync();
        var other = await gallery.Studio.GalleryAsync(Pin, "Other");
        await AttackAsync(gallery, 50);

        for (var i = 0; i < 10; i++)
        {
            (await From(other, "203.0.113.9", new { pin = "000000" })).ShouldBeProblem(403, "wrong_pin");
        }
    }

    [Fact]
    public async Task An_IPv6_network_is_one_stranger()
    {
        var gallery = await GalleryAsync();
        for (var i = 0; i < 10; i++)
        {
            (await From(gallery, $"2001:db8:1:2:{i}::1", new { pin = "000000" })).ShouldBeProblem(403, "wrong_pin");
        }

        (await From(gallery, "2001:db8:1:2:ffff::1", new { pin = Pin })).ShouldBeProblem(429, "too_many_attempts");
        (await From(gallery, "2001:db8:1:3::1", new { pin = Pin })).ShouldBe(200);
    }

    private sealed class Outbound : IMailSender
    {
        public ConcurrentQueue<MailMessage> All { get; } = new();

        public Task SendAsync(MailMessage message, CancellationToken cancellation = default)
        {
            All.Enqueue(message);
            return Task.CompletedTask;
        }
    }
}
