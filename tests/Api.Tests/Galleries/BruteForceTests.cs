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
    };

    private static int Wait(ApiAnswer answer) => int.Parse(answer.ShouldBeProblem(429, "too_many_attempts").Headers["Retry-After"], CultureInfo.InvariantCulture);

    [Fact]
    public async Task An_address_that_guesses_wrong_waits_longer_each_time_and_then_may_again()
    {
        await using var host = await ApiHost.StartAsync(new(Strict));
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
    public async Task Wrong_guesses_at_one_gallery_close_no_other_to_the_address()
    {
        await using var host = await ApiHost.StartAsync(new(Strict));
        var (studio, neighbour) = (await host.StudioAsync(), await host.StudioAsync());
        var gallery = await studio.GalleryAsync("111222");
        for (var guess = 0; guess < 3; guess++)
        {
            (await gallery.UnlockAsync(new { pin = "000000" })).ShouldBeProblem(403, "wrong_pin");
        }

        Wait(await gallery.UnlockAsync()).Should().BePositive();
        (await (await studio.GalleryAsync("333444", "Sibling")).UnlockAsync()).ShouldBe(200);
        (await (await neighbour.GalleryAsync("555666")).UnlockAsync()).ShouldBe(200);
        (await (await neighbour.GalleryAsync(title: "Open")).UnlockAsync()).ShouldBe(200);
    }

    [Fact]
    public async Task A_gallery_without_a_secret_counts_nothing()
    {
        await using var host = await ApiHost.StartAsync(new(Strict));
        var studio = await host.StudioAsync();
        var (open, locked) = (await studio.GalleryAsync(), await studio.GalleryAsync("111222", "Locked"));

        for (var i = 0; i < 10; i++)
        {
            (await open.UnlockAsync(new { pin = "000000" })).ShouldBe(200);
        }

        (await locked.UnlockAsync()).ShouldBe(200);
    }

    [Fact]
    public async Task Guessed_slugs_are_limited_by_address_and_close_no_gallery_that_exists()
    {
        await using var host = await ApiHost.StartAsync(new(Strict));
        var studio = await host.StudioAsync();
        var (open, locked) = (await studio.GalleryAsync(), await studio.GalleryAsync("111222", "Locked"));
        for (var i = 0; i < 3; i++)
        {
            (await (locked with { Slug = $"guess-{i}" }).UnlockAsync()).ShouldBeProblem(404, "not_found");
        }

        Wait(await (locked with { Slug = "guess-4" }).UnlockAsync()).Should().BePositive();
        (await locked.UnlockAsync()).ShouldBe(200);
        (await open.UnlockAsync()).ShouldBe(200);
    }

    [Fact]
    public async Task One_PIN_tried_at_every_gallery_ends_at_the_addresss_own_limit()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Galleries:Unlock:FailuresPerAddressEverywhere"] = "4" });
        var studio = await host.StudioAsync();
        foreach (var title in (string[])["One", "Two", "Three", "Four"])
        {
            (await (await studio.GalleryAsync("111222", title)).UnlockAsync(new { pin = "123456" })).ShouldBeProblem(403, "wrong_pin");
        }

        var fifth = await studio.GalleryAsync("111222", "Five");
        Wait(await fifth.UnlockAsync()).Should().BePositive();
        (await (await studio.GalleryAsync(title: "Open")).UnlockAsync()).ShouldBe(200);
        // Right guesses at a gallery of one's own buy no more wrong ones elsewhere.
        host.Clock.Advance(TimeSpan.FromHours(3));
        for (var i = 0; i < 4; i++)
        {
            (await fifth.UnlockAsync(new { pin = "123456" })).ShouldBeProblem(403, "wrong_pin");
            (await (await studio.GalleryAsync("777888", $"Own {i}")).UnlockAsync()).Status.Should().Be(i < 3 ? 200 : 429);
        }
    }

    [Fact]
    public async Task A_right_guess_makes_up_for_a_wrong_one_at_the_same_address()
    {
        await using var host = await ApiHost.StartAsync(new(Strict));
        var gallery = await (await host.StudioAsync()).GalleryAsync("111222");

        for (var guest = 0; guest < 6; guest++)
        {
            (await gallery.UnlockAsync(new { pin = "111223" })).ShouldBeProblem(403, "wrong_pin");
            (await gallery.UnlockAsync()).ShouldBe(200);
        }
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
    public async Task Every_guess_costs_exactly_one_hash_whether_or_not_there_is_a_gallery()
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
            (() => locked.UnlockAsync(), 200), (() => locked.UnlockAsync(new { pin = "000000" }), 403), (() => missing.UnlockAsync(), 404),
        })
        {
            Interlocked.Exchange(ref hashes, 0);
            (await attempt()).ShouldBe(status);
            Interlocked.Read(ref hashes).Should().Be(1);
        }

        // The front says that an open gallery needs no secret, so there is nothing to hide.
        Interlocked.Exchange(ref hashes, 0);
        (await open.UnlockAsync()).ShouldBe(200);
        Interlocked.Read(ref hashes).Should().Be(0);
    }

    [Theory]
    [InlineData("Storefront:BaseUrl", "proofs.example")]
    [InlineData("Storefront:BaseUrl", "https://proofs.example/?x=1")]
    [InlineData("Galleries:Unlock:FailuresPerAddress", "0")]
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
