using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

public sealed class ProgressTests(ApiHost api)
{
    [Fact]
    public async Task Progress_counts_what_is_ready_and_says_why_what_failed_did()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        await gallery.ReadyAsync();
        var whole = PhotoClients.NewJpeg(1600, 1200);
        var cut = (await gallery.UploadAsync(("cut.jpg", whole[..(whole.Length / 2)]))).ShouldBe(201).Body!["results"]![0]!["photo"]!.Id();
        await gallery.SettledAsync(cut);

        var progress = (await gallery.Studio.Api.GetAsync($"{gallery.Path}/progress")).ShouldBe(200).Body!;

        Counts(progress).Should().Be((2, 0, 0, 1, 1));
        var failure = progress["failures"]!.AsArray().Should().ContainSingle().Subject!;
        failure["photoId"]!.GetValue<string>().Should().Be(cut);
        failure["fileName"]!.GetValue<string>().Should().Be("cut.jpg");
        failure["detail"]!.GetValue<string>().Should().EndWith(".");
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Who_watches_is_told_each_photo_and_the_end()
    {
        await using var own = await ApiHost.StartAsync(new() { ["Photos:QuietSeconds"] = "5", ["Photos:HeartbeatSeconds"] = "1", ["Photos:WatchMilliseconds"] = "50" });
        var gallery = await (await own.StudioAsync()).GalleryAsync();
        var begun = new TaskCompletionSource();
        var watching = WatchAsync(gallery, null, begun);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60));

        var photos = await gallery.ReadyAsync(4);

        var events = await watching.WaitAsync(TimeSpan.FromSeconds(60));
        events[0].Name.Should().Be("progress");
        Counts(events[0].Data!).Should().Be((0, 0, 0, 0, 0));
        events[^1].Name.Should().Be("end");
        Counts(events[^1].Data!).Should().Be((4, 0, 0, 4, 0));
        events.Where(e => e.Name == "photo" && e.Data!["status"]!.GetValue<string>() == "ready").Select(e => e.Data!["photoId"]!.GetValue<string>())
            .Should().BeEquivalentTo(photos.Select(p => p.Id()), "each is told once");

        // A client that reconnects late gets what it missed since the last event it had.
        var early = events.First(e => e.Name == "photo").Id!;
        var later = await Task.WhenAll(WatchAsync(gallery, early), WatchAsync(gallery, null), WatchAsync(gallery, "not-a-number"));
        later.Select(events => events.Count(e => e.Name == "photo")).Should().SatisfyRespectively(
            missed => missed.Should().BeInRange(1, 4),
            nothing => nothing.Should().Be(0, "news begin when the watching does"),
            nothing => nothing.Should().Be(0, "an id of somebody else's stream is none of ours"));
    }

    [Fact]
    public async Task A_watcher_who_leaves_leaves_nothing_behind_and_the_api_answers_on()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        for (var i = 0; i < 60; i++)
        {
            using var http = Client(gallery);
            using var answer = await http.GetAsync($"{gallery.Path}/events", HttpCompletionOption.ResponseHeadersRead);
            answer.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
            answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        }

        await gallery.ReadyAsync();
    }

    [Fact]
    public async Task Only_the_studio_watches()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync("135790");
        var visitor = await gallery.VisitorAsync();

        (await visitor.Api.GetAsync($"{gallery.Path}/events")).ShouldBeProblem(403, "missing_scope");
        (await gallery.Studio.Api.GetAsync("/v1/galleries/gal_x/events")).ShouldBeProblem(404, "not_found");
    }

    private sealed record Event(string? Id, string? Name, JsonNode? Data);

    private static async Task<List<Event>> WatchAsync(GalleryClient gallery, string? lastEventId, TaskCompletionSource? begun = null)
    {
        using var http = Client(gallery);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{gallery.Path}/events");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var events = new List<Event>();
        var fields = new Dictionary<string, string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length > 0)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                fields[line[..colon]] = line[(colon + 1)..].TrimStart();
            }
            else if (fields.TryGetValue("event", out var name))
            {
                events.Add(new Event(fields["id"], name, JsonNode.Parse(fields["data"])));
                fields.Clear();
                begun?.TrySetResult();
            }
        }

        return events;
    }

    private static HttpClient Client(GalleryClient gallery) => new()
    {
        BaseAddress = gallery.Studio.Host.Address,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", gallery.Studio.SecretKey) },
    };

    private static (int Total, int Uploading, int Processing, int Ready, int Failed) Counts(JsonNode progress) => (
        progress["photoCount"]!.GetValue<int>(), progress["uploadingCount"]!.GetValue<int>(), progress["processingCount"]!.GetValue<int>(),
        progress["readyCount"]!.GetValue<int>(), progress["failedCount"]!.GetValue<int>());
}
