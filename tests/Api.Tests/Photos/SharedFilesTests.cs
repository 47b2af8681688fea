using System.Diagnostics;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Imaging;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Real photographs and hostile files through the whole API; skipped if ../shared is not next to the checkout.</summary>
[Trait("Suite", "Ci")]
public sealed class SharedFilesTests : IAsyncLifetime
{
    private static readonly TimeSpan LongestHealthAnswer = TimeSpan.FromSeconds(10);
    private static readonly string[] KeptUnread = ["no_codec"];

    private ApiHost? _api;

    // A host of its own: on the shared one everybody else's photos would wait behind these.
    public async ValueTask InitializeAsync() => _api = await ApiHost.StartAsync();

    public ValueTask DisposeAsync() => _api!.DisposeAsync();

    [Fact]
    public async Task Every_real_photograph_ends_ready_or_with_a_sentence_a_photographer_understands()
    {
        var manifest = SharedFolder.SomePhotographs();
        var gallery = await (await _api!.StudioAsync()).GalleryAsync();
        var photos = new List<JsonNode>();
        var refused = new List<string>();
        foreach (var some in manifest.Chunk(8))
        {
            var answer = await gallery.UploadAsync([.. some.Select(m => (m.Name, File.ReadAllBytes(Path.Combine(SharedFolder.Photos, m.Name))))]);
            foreach (var result in answer.ShouldBe(201).Body!["results"]!.AsArray())
            {
                if (result!["photo"] is { } photo)
                {
                    photos.Add(photo);
                }
                else
                {
                    refused.Add($"{result["fileName"]}: {result["problem"]!["code"]}");
                }
            }
        }

        var settled = new List<JsonNode>();
        foreach (var photo in photos)
        {
            settled.Add(await gallery.SettledAsync(photo.Id()));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', refused.Concat(settled.Where(p => p["failure"] is not null).Select(p => $"{p["currentVersion"]!["fileName"]}: {p["failure"]!["code"]}"))));
        refused.Should().BeEmpty("all of them are photographs");
        settled.Should().HaveCount(manifest.Count);
        settled.Where(p => p["status"]!.GetValue<string>() == "failed")
            .Where(p => !KeptUnread.Contains(p["failure"]!["code"]!.GetValue<string>()) || !p["failure"]!["detail"]!.GetValue<string>().EndsWith('.'))
            .Select(p => p.ToJsonString()).Should().BeEmpty("only a format this server cannot read keeps a good photograph from being shown");
        settled.Count(p => p["status"]!.GetValue<string>() == "ready").Should().BeGreaterThan(manifest.Count * 3 / 4);
        (await gallery.Studio.Api.GetAsync($"{gallery.Path}/progress")).ShouldBe(200).Body!["processingCount"]!.GetValue<int>().Should().Be(0);
    }

    [Fact]
    public async Task Every_hostile_file_ends_as_its_manifest_says_with_the_API_alive()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_api!.Folder, "hostile-files")).FullName;
        var manifest = await SharedFolder.MakeHostileAsync(folder, bombs: SharedFolder.IsNightly);
        var gallery = await (await _api!.StudioAsync()).GalleryAsync();
        var wrong = new List<string>();
        var answers = new List<(string Name, IReadOnlyDictionary<string, string> Row, ApiAnswer Answer)>();
        foreach (var (name, row) in manifest)
        {
            answers.Add((name, row, await gallery.UploadAsync((Path.GetFileName(name), await File.ReadAllBytesAsync(Path.Combine(folder, name))))));
            var asked = Stopwatch.GetTimestamp();
            var health = await _api!.Client(null).GetAsync("/health/ready");
            if (health.Status != 200 || Stopwatch.GetElapsedTime(asked) > LongestHealthAnswer)
            {
                wrong.Add($"{name}: health answered {health.Status} after {Stopwatch.GetElapsedTime(asked)}");
            }
        }

        foreach (var (name, row, answer) in answers)
        {
            if (answer.Status >= 500)
            {
                wrong.Add($"{name}: answered {answer.Status} {answer.Text}");
                continue;
            }

            // The same bytes under another name already exist, and have the same result.
            var photo = answer.Status == 201 ? await gallery.SettledAsync(answer.Body!["results"]![0]!["photo"]!.Id()) : null;
            var state = photo?["status"]!.GetValue<string>() ?? "refused";
            var code = photo is null ? answer["code"] : photo["failure"]?["code"]?.GetValue<string>();
            if ((row["expect"] == "reject" && state == "ready") || (row["expect"] == "accept" && state != "ready"))
            {
                wrong.Add($"{name}: expected {row["expect"]}, ended {state} {code} ({row["kind"]})");
            }
        }

        wrong.Should().BeEmpty();
        manifest.Should().HaveCountGreaterThan(80);
        (await gallery.Studio.Api.GetAsync($"{gallery.Path}/photos?limit=200")).ShouldBe(200);
        await gallery.ReadyAsync("after.jpg");
    }
}
