using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.GalleryDownloads;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Downloads;

/// <summary>What someone would try to get more than the rules allow.</summary>
public sealed class DownloadAttackTests(ApiHost api)
{
    [Fact]
    public async Task An_original_is_out_of_reach_where_only_web_files_are_allowed()
    {
        var shop = await Shop.OpenAsync(api);
        var photo = await shop.PhotoAsync();
        await shop.AllowAsync();
        var full = (await shop.AskAsync(new { size = "full", photoIds = new[] { photo } })).ShouldBe(201);
        var web = await shop.ReadyAsync(new { size = "web", photoIds = new[] { photo } });
        await shop.RulesAsync(new { sizes = new[] { "web" } });

        (await shop.AskAsync(new { size = "full", photoIds = new[] { photo } })).ShouldBeProblem(422, "size_not_offered");
        (await api.Client(null).GetAsync(full["url"])).ShouldBeProblem(410, "download_closed");
        (await api.Client(null).GetAsync(web["url"].Replace(web["id"], full["id"], StringComparison.Ordinal))).ShouldBeProblem(403, "invalid_signature");
        (await api.Client(null).GetAsync(web["url"] + "&size=full")).ShouldBe(200).Bytes.Should().Equal(await shop.WebAsync(photo));
        (await api.Client(null).GetAsync(web["url"].Replace("/downloads/galleries/", "/downloads/files/", StringComparison.Ordinal))).ShouldBeProblem(403, "invalid_signature");
        (await shop.Api.GetAsync($"/v1/photos/{photo}/original")).ShouldBe(403);
    }

    [Fact]
    public async Task Anothers_token_another_gallery_and_another_studio_find_nothing()
    {
        var shop = await Shop.OpenAsync(api);
        var photo = await shop.PhotoAsync();
        await shop.AllowAsync();
        var download = (await shop.AskAsync(new { size = "full", photoIds = new[] { photo } })).ShouldBe(201);
        var neighbor = await shop.Gallery.VisitorAsync();
        var other = await shop.Studio.GalleryAsync(title: "Other");
        (await shop.Studio.Api.PatchAsync($"{other.Path}/download-rules", new { allowsDownloads = true, sizes = new[] { "full" } })).ShouldBe(200);
        var stranger = await other.VisitorAsync();

        (await neighbor.Api.GetAsync($"{shop.Gallery.Path}/downloads/{download["id"]}")).ShouldBeProblem(404, "not_found");
        (await stranger.Api.GetAsync($"{shop.Gallery.Path}/download-options")).ShouldBeProblem(404, "not_found");
        (await stranger.Api.PostAsync($"{shop.Gallery.Path}/downloads", new { size = "full", photoIds = new[] { photo } })).ShouldBeProblem(404, "not_found");
        (await stranger.Api.PostAsync($"{other.Path}/downloads", new { size = "full", photoIds = new[] { photo } })).ShouldBeProblem(404, "not_found");
        (await stranger.Api.GetAsync($"{other.Path}/downloads/{download["id"]}")).ShouldBeProblem(404, "not_found");
        var foreign = await Shop.OpenAsync(api);
        (await foreign.Api.PostAsync($"{shop.Gallery.Path}/downloads", new { size = "full" })).ShouldBeProblem(404, "not_found");
        (await shop.Studio.Api.PostAsync($"{shop.Gallery.Path}/downloads", new { size = "full" })).ShouldBe(403);
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Thirty_requests_at_once_never_pass_a_visitors_quota_and_a_photo_counts_once()
    {
        var shop = await Shop.OpenAsync(api);
        var photos = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            photos.Add(await shop.PhotoAsync());
        }

        await shop.AllowAsync();
        await shop.RulesAsync(new { photosPerVisitor = 4 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => shop.AskAsync(new { size = i % 2 == 0 ? "full" : "web", photoIds = new[] { photos[i % 10] } })));

        answers.Should().OnlyContain(a => a.Status == 200 || a.Status == 201 || a.Status == 422);
        answers.Where(a => a.Status == 422).Should().OnlyContain(a => a.Body!["code"]!.GetValue<string>() == "download_quota_reached");
        var counted = await shop.InDatabaseAsync(db => db.Set<CountedDownload>().Select(c => c.PhotoId).ToListAsync());
        counted.Should().HaveCount(4).And.OnlyHaveUniqueItems();
        (await shop.Api.GetAsync($"{shop.Gallery.Path}/download-options")).Body!["remainingPhotoCount"]!.GetValue<int>().Should().Be(0);
        (await shop.AskAsync(new { size = "full", photoIds = new[] { counted[0].ToString() } })).Status.Should().BeOneOf(200, 201);
        (await shop.AskAsync(new { size = "full" })).ShouldBeProblem(422, "download_quota_reached");
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Thirty_visitors_at_once_never_pass_the_gallerys_quota()
    {
        var shop = await Shop.OpenAsync(api);
        var photo = await shop.PhotoAsync();
        await shop.AllowAsync();
        await shop.RulesAsync(new { photosPerGallery = 5 });
        var visitors = new List<VisitorClient>();
        for (var i = 0; i < 30; i++)
        {
            visitors.Add(await shop.Gallery.VisitorAsync());
        }

        var answers = await Task.WhenAll(visitors.Select(v => shop.AskAsync(new { size = "full", photoIds = new[] { photo } }, v.Api)));

        answers.Count(a => a.Status == 201).Should().Be(5);
        answers.Count(a => a.Status == 422).Should().Be(25);
    }

    [Fact]
    public async Task Entering_again_gives_a_listed_address_no_new_quota()
    {
        var shop = await Shop.OpenAsync(api);
        var (one, two) = (await shop.PhotoAsync(), await shop.PhotoAsync());
        await shop.AllowAsync();
        await shop.RulesAsync(new { audience = "listed_emails", emails = new[] { "clara@example.com" }, photosPerVisitor = 1 });
        var first = await shop.Gallery.VisitorAsync(email: "clara@example.com");
        var again = await shop.Gallery.VisitorAsync(email: "Clara@Example.com");

        (await shop.AskAsync(new { size = "full", photoIds = new[] { one } }, first.Api)).ShouldBe(201);
        (await shop.AskAsync(new { size = "full", photoIds = new[] { two } }, again.Api)).ShouldBeProblem(422, "download_quota_reached");
        (await shop.AskAsync(new { size = "full", photoIds = new[] { one } })).ShouldBeProblem(403, "email_required");
        (await shop.AskAsync(new { size = "full", photoIds = new[] { one } }, (await shop.Gallery.VisitorAsync(email: "eve@example.com")).Api)).ShouldBeProblem(403, "email_not_listed");
    }

    [Fact]
    public async Task A_listed_address_is_the_same_in_either_spelling_of_its_domain()
    {
        var shop = await Shop.OpenAsync(api);
        var photo = await shop.PhotoAsync();
        await shop.AllowAsync();
        await shop.RulesAsync(new { audience = "listed_emails", emails = new[] { "clara@müller.example" } });

        var visitor = await shop.Gallery.VisitorAsync(email: "Clara@xn--mller-kva.example");

        (await shop.AskAsync(new { size = "full", photoIds = new[] { photo } }, visitor.Api)).ShouldBe(201);
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task A_pin_is_asked_for_and_guesses_at_it_end_without_closing_the_gallerys_own_door()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Galleries:Unlock:FailuresPerAddress"] = "5" });
        var shop = await Shop.OpenAsync(host);
        var photo = await shop.PhotoAsync();
        await shop.AllowAsync();
        await shop.RulesAsync(new { pin = "987654" });

        (await shop.AskAsync(new { size = "full", photoIds = new[] { photo } })).ShouldBeProblem(422, "pin_required");
        (await shop.AskAsync(new { size = "full", photoIds = new[] { photo }, pin = "987654" })).ShouldBe(201);
        var guesses = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => shop.AskAsync(new { size = "full", photoIds = new[] { photo }, pin = $"{100_000 + i}" })));

        guesses.Count(g => g.Status == 403).Should().Be(5);
        guesses.Count(g => g.Status == 429).Should().Be(25);
        var late = (await shop.AskAsync(new { size = "full", photoIds = new[] { photo }, pin = "987654" })).ShouldBeProblem(429, "too_many_attempts");
        late.Headers.Should().ContainKey("Retry-After");
        (await shop.Gallery.UnlockAsync()).ShouldBe(200);
    }

    [Fact]
    public async Task An_idempotency_key_does_not_hide_wrong_guesses_from_the_count()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Galleries:Unlock:FailuresPerAddress"] = "3" });
        var shop = await Shop.OpenAsync(host);
        await shop.PhotoAsync();
        await shop.AllowAsync();
        await shop.RulesAsync(new { pin = "987654" });

        for (var i = 0; i < 3; i++)
        {
            (await shop.Api.PostAsync($"{shop.Gallery.Path}/downloads", new { size = "full", pin = "111111" }, $"key-{i}")).ShouldBeProblem(403, "wrong_pin");
        }

        (await shop.Api.PostAsync($"{shop.Gallery.Path}/downloads", new { size = "full", pin = "111111" }, "key-9")).ShouldBeProblem(429, "too_many_attempts");
    }

    [Fact]
    public async Task Addresses_end_with_their_time_the_gallery_its_lock_its_rules_and_its_photos()
    {
        await using var host = await ApiHost.StartAsync();
        var shop = await Shop.OpenAsync(host);
        var (one, two) = (await shop.PhotoAsync(), await shop.PhotoAsync());
        var anybody = host.Client(null);
        await shop.AllowAsync();
        var url = (await shop.AskAsync(new { size = "full" })).ShouldBe(201)["url"];
        (await anybody.GetAsync(url)).ShouldBe(200);

        await ClosedWhileAsync(new { isHidden = true }, new { isHidden = false }, $"/v1/photos/{one}");
        await ClosedWhileAsync(new { allowsDownloads = false }, new { allowsDownloads = true }, $"{shop.Gallery.Path}/download-rules");
        (await shop.Studio.Api.PostAsync($"{shop.Gallery.Path}/unpublish")).ShouldBe(200);
        await ClosedAsync();
        (await shop.Studio.Api.PostAsync($"{shop.Gallery.Path}/publish")).ShouldBe(200);
        (await anybody.RangeAsync(url, 100)).ShouldBe(206);

        (await shop.Studio.Api.DeleteAsync($"/v1/photos/{two}")).ShouldBe(204);
        await ClosedAsync();
        var rest = (await shop.AskAsync(new { size = "full" })).ShouldBe(201)["url"];
        (await anybody.GetAsync(rest)).ShouldBe(200);
        await shop.RulesAsync(new { pin = "987654" });
        (await anybody.GetAsync(rest)).ShouldBeProblem(410, "download_closed");
        var withPin = (await shop.AskAsync(new { size = "full", pin = "987654" })).ShouldBe(201)["url"];
        (await shop.Studio.Api.PutAsync($"{shop.Gallery.Path}/access", new { requires = "none" })).ShouldBe(200);
        (await anybody.GetAsync(withPin)).ShouldBeProblem(410, "download_closed");
        host.Clock.Advance(TimeSpan.FromDays(2));
        (await anybody.GetAsync(withPin)).ShouldBeProblem(410, "download_expired");

        async Task ClosedAsync()
        {
            (await anybody.GetAsync(url)).ShouldBeProblem(410, "download_closed");
            (await anybody.RangeAsync(url, 100)).ShouldBeProblem(410, "download_closed");
        }

        async Task ClosedWhileAsync(object change, object back, string path)
        {
            (await shop.Studio.Api.PatchAsync(path, change)).ShouldBe(200);
            await ClosedAsync();
            (await shop.Studio.Api.PatchAsync(path, back)).ShouldBe(200);
            (await anybody.GetAsync(url)).ShouldBe(200);
        }
    }

    [Fact]
    public async Task What_ends_ends_for_new_requests_too_and_no_address_outlives_it()
    {
        await using var host = await ApiHost.StartAsync();
        var shop = await Shop.OpenAsync(host);
        var photo = await shop.PhotoAsync();
        await shop.AllowAsync();
        await shop.RulesAsync(new { endsAt = host.Clock.GetUtcNow().AddHours(1) });
        var download = (await shop.AskAsync(new { size = "full", photoIds = new[] { photo } })).ShouldBe(201);
        host.Clock.Advance(TimeSpan.FromMinutes(61));

        (await host.Client(null).GetAsync(download["url"])).ShouldBeProblem(410, "download_expired");
        (await shop.AskAsync(new { size = "full", photoIds = new[] { photo } })).ShouldBeProblem(410, "downloads_ended");
        (await shop.Api.GetAsync($"{shop.Gallery.Path}/download-options"))["reason"].Should().Be("downloads_ended");
    }

    [Fact]
    public async Task Hidden_and_deleted_photos_and_files_that_are_gone_are_not_given_out()
    {
        var shop = await Shop.OpenAsync(api);
        var (hidden, deleted, lost) = (await shop.PhotoAsync(), await shop.PhotoAsync(), await shop.PhotoAsync("lost.jpg"));
        await shop.AllowAsync();
        (await shop.Studio.Api.PatchAsync($"/v1/photos/{hidden}", new { isHidden = true })).ShouldBe(200);
        (await shop.Studio.Api.DeleteAsync($"/v1/photos/{deleted}")).ShouldBe(204);

        (await shop.AskAsync(new { size = "full", photoIds = new[] { hidden } })).ShouldBeProblem(404, "not_found");
        (await shop.AskAsync(new { size = "full", photoIds = new[] { deleted, lost } })).ShouldBeProblem(404, "not_found");
        (await shop.AskAsync(new { size = "full", photoIds = Array.Empty<string>() })).ShouldBeProblem(400, "validation_failed");
        var download = (await shop.AskAsync(new { size = "full" })).ShouldBe(201);
        download.Body!["photoCount"]!.GetValue<int>().Should().Be(1);
        await shop.DeleteOriginalAsync(lost);
        (await api.Client(null).GetAsync(download["url"])).ShouldBeProblem(410, "download_missing").Text.Should().Contain("lost.jpg");
    }
}
