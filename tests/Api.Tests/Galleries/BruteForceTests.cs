using System.Diagnostics.Metrics;
using System.Globalization;
using FluentAssertions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Hosting;
using Xunit;

namespace Proofsheet.Api.Tests.Galleries;

public sealed class BruteForceTests
{
    private static readonly Dictionary<string, string?> Strict = new()
    {
        ["Galleries:Unlock:FailuresPerAddress"] = "3",
        ["Galleries:Unlock:AddressWindowMinutes"] = "10",
        ["Galleries:Unlock:FailuresPerGallery"] = "5",
        ["Galleries:Unlock:GalleryWindowMinutes"] = "60",
    };

    private static int Wait(ApiAnswer answer) => int.Parse(answer.ShouldBeProblem(429, "too_many_attempts").Headers["Retry-After"], CultureInfo.InvariantCulture);

    [Fact]
    public async Task An_address_that_guesses_wrong_waits_longer_each_time_and_then_may_again()
    {
        await using var host = await ApiHost.StartAsync(new(Strict) { ["Galleries:Unlock:FailuresPerGallery"] = "1000" });
        var gallery = await (await host.StudioAsync()).GalleryAsync("111222");
        var waits = new List<int>();
        for (var round = 0; round < 3; round++)
        {
            for (var guess = 0; guess < 3; guess++)
            {
                (await gallery.UnlockAsync(new { pin = "000000" })).ShouldBeProblem(403, "wrong_pin");
            }

            // The right PIN does not help while waiting; otherwise the wait would reveal which guess was right.
            waits.Add(Wait(await gallery.UnlockAsync(new { pin = "111222" })));
            host.Clock.Advance(TimeSpan.FromSeconds(waits[^1]));
        }

        waits[0].Should().BeInRange(590, 600);
        waits[1].Should().BeInRange(1190, 1200);
        waits[2].Should().BeInRange(2390, 2400);
        (await gallery.UnlockAsync()).ShouldBe(200);
    }

    [Fact]
    public async Task Right_guesses_are_never_counted()
    {
        await using var host = await ApiHost.StartAsync(new(Strict));
        var gallery = await (await host.StudioAsync()).GalleryAsync("111222");

        for (var i = 0; i < 8; i++)
        {
            (await gallery.UnlockAsync()).ShouldBe(200);
        }
    }

    [Fact]
    public async Task A_gallery_is_guarded_against_many_addresses_and_only_a_known_proxy_names_them()
    {
        await using var host = await ApiHost.StartAsync(new(Strict) { ["ForwardedHeaders:KnownProxies:0"] = "127.0.0.1", ["ForwardedHeaders:KnownProxies:1"] = "::1" });
        var studio = await host.StudioAsync();
        var (gallery, other) = (await studio.GalleryAsync("111222"), await studio.GalleryAsync("333444", "Other"));
        async Task<ApiAnswer> From(string address, GalleryClient at, string pin) => await at.Storefront.SendAsync(
            HttpMethod.Post, $"/v1/storefront/galleries/{at.Slug}/unlock", new { pin }, request => request.Headers.Add("X-Forwarded-For", address));

        for (var i = 1; i <= 5; i++)
        {
            (await From($"203.0.113.{i}", gallery, "000000")).ShouldBeProblem(403, "wrong_pin");
        }

        Wait(await From("203.0.113.99", gallery, "111222")).Should().BeInRange(3500, 3600);
        (await From("203.0.113.99", other, "333444")).ShouldBe(200);
    }

    [Fact]
    public async Task A_header_alone_makes_no_new_address()
    {
        await using var host = await ApiHost.StartAsync(new(Strict));
        var gallery = await (await host.StudioAsync()).GalleryAsync("111222");
        async Task<ApiAnswer> From(string address) => await gallery.Storefront.SendAsync(
            HttpMethod.Post, $"/v1/storefront/galleries/{gallery.Slug}/unlock", new { pin = "000000" }, request => request.Headers.Add("X-Forwarded-For", address));

        for (var i = 1; i <= 3; i++)
        {
            (await From($"203.0.113.{i}")).ShouldBeProblem(403, "wrong_pin");
        }

        Wait(await From("203.0.113.4")).Should().BePositive();
    }

    [Fact]
    public async Task Guesses_over_all_galleries_have_a_limit_too()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Galleries:Unlock:FailuresOverall"] = "4" });
        var studio = await host.StudioAsync();
        foreach (var title in (string[])["One", "Two", "Three", "Four"])
        {
            (await (await studio.GalleryAsync("111222", title)).UnlockAsync(new { pin = "000000" })).ShouldBeProblem(403, "wrong_pin");
        }

        Wait(await (await studio.GalleryAsync("111222", "Five")).UnlockAsync()).Should().BePositive();
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Of_many_guesses_at_once_no_more_than_the_limit_are_looked_at()
    {
        await using var host = await ApiHost.StartAsync(new(Strict));
        var gallery = await (await host.StudioAsync()).GalleryAsync("111222");

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => gallery.UnlockAsync(new { pin = $"{i:000000}" })));

        answers.Count(a => a.Status == 403).Should().Be(3);
        answers.Count(a => a.Status == 429).Should().Be(37);
    }

    [Fact]
    public async Task An_idempotency_key_does_not_undo_the_count()
    {
        await using var host = await ApiHost.StartAsync(new(Strict));
        var gallery = await (await host.StudioAsync()).GalleryAsync("111222");

        var answers = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            answers.Add((await gallery.Storefront.PostAsync($"/v1/storefront/galleries/{gallery.Slug}/unlock", new { pin = "000000" }, $"a-random-key-of-try-{i}")).Status);
        }

        answers.Should().Equal(403, 403, 403, 429, 429);
    }

    [Fact]
    public async Task Every_attempt_costs_exactly_one_hash_whatever_the_gallery()
    {
        await using var host = await ApiHost.StartAsync();
        var studio = await host.StudioAsync();
        var (locked, open) = (await studio.GalleryAsync("111222"), await studio.GalleryAsync(title: "Open"));
        var missing = locked with { Slug = "no-such-gallery" };
        var meter = host.Services.GetRequiredService<GallerySecrets>().Meter;
        long hashes = 0;
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter == meter) { l.EnableMeasurementEvents(instrument); } } };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref hashes, count));
        listener.Start();

        foreach (var (attempt, status) in new (Func<Task<ApiAnswer>>, int)[]
        {
            (() => locked.UnlockAsync(), 200), (() => locked.UnlockAsync(new { pin = "000000" }), 403),
            (() => open.UnlockAsync(), 200), (() => missing.UnlockAsync(), 404),
        })
        {
            Interlocked.Exchange(ref hashes, 0);
            (await attempt()).ShouldBe(status);
            Interlocked.Read(ref hashes).Should().Be(1);
        }
    }

    [Fact]
    public async Task One_address_makes_only_so_many_visitors()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Galleries:Unlock:VisitorsPerAddressPerHour"] = "2" });
        var gallery = await (await host.StudioAsync()).GalleryAsync();
        var visitor = await gallery.VisitorAsync();
        await gallery.VisitorAsync();

        Wait(await gallery.UnlockAsync()).Should().BePositive();
        (await gallery.UnlockAsync(new { visitorToken = visitor.Token })).ShouldBe(200);
    }

    [Theory]
    [InlineData("Storefront:BaseUrl", "proofs.example")]
    [InlineData("Storefront:BaseUrl", "https://proofs.example/?x=1")]
    [InlineData("Galleries:Unlock:FailuresPerGallery", "0")]
    [InlineData("ForwardedHeaders:KnownProxies:0", "proxy")]
    public void A_bad_setting_ends_the_start(string name, string value)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [name] = value }).Build();
        using var services = new ServiceCollection().AddGalleries(settings).AddClientAddress(settings).BuildServiceProvider();

        // What the host runs before it listens.
        var start = () => services.GetRequiredService<IStartupValidator>().Validate();

        start.Should().Throw<OptionsValidationException>();
    }

    [Fact]
    public void The_settings_that_come_along_are_acceptable()
    {
        var settings = new ConfigurationBuilder().Build();
        using var services = new ServiceCollection().AddGalleries(settings).AddClientAddress(settings).BuildServiceProvider();

        var start = () => services.GetRequiredService<IStartupValidator>().Validate();

        start.Should().NotThrow();
    }
}
