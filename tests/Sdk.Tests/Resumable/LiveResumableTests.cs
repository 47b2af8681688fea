using FluentAssertions;
using Proofsheet.Api.Tests.Storage;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Sdk.Tests.Resumable;

/// <summary>What the stub assumes, checked against the real API over a real socket that breaks.</summary>
public sealed class LiveResumableTests(ApiHost api) : IDisposable
{
    private readonly SlowWire _wire = new(api.Address);

    public void Dispose() => _wire.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_file_whose_connection_breaks_again_and_again_arrives_once_and_whole(int parts)
    {
        var (client, gallery) = await GalleryAsync();
        using var _ = client;
        var bytes = SmallPng.Noise(1000, 700, seed: parts);
        _wire.BytesPerSecond = 1_500_000;
        var cuts = 0;
        var options = new ResumableUploadOptions
        {
            ChunkBytes = 256 * 1024,
            PartsFromBytes = 1_000_000,
            Parts = parts,
            RetryDelay = TimeSpan.FromMilliseconds(20),
            Progress = new Direct<UploadProgress>(p =>
            {
                if (cuts < 4 && p.SentBytes > (cuts + 1) * 300_000)
                {
                    cuts++;
                    _wire.Cut();
                }
            }),
        };

        var results = await client.Photos.Resumable(gallery.Id, [ResumableUploadTests.File("a.png", bytes)], options).RunAsync();

        cuts.Should().Be(4);
        results[0].Outcome.Should().Be(UploadOutcome.Accepted, results[0].Problem?.Detail);
        var photo = (await client.Photos.ListAllAsync(gallery.Id).ToListAsync()).Should().ContainSingle().Which;
        photo.Id.Should().Be(results[0].PhotoId);
        photo.CurrentVersion.Bytes.Should().Be(bytes.Length);
        _wire.Sent.Should().BeLessThan(bytes.Length + (4 * 4 * 256 * 1024));
    }

    [Fact]
    public async Task Many_files_go_in_batches_with_sections_duplicates_and_refusals_and_again_all_are_there()
    {
        var (client, gallery) = await GalleryAsync();
        using var _ = client;
        List<UploadFile> files =
        [
            .. Enumerable.Range(0, 30).Select(i => ResumableUploadTests.File($"{i}.png", SmallPng.Of(40, 30 + i, i)) with { Section = i < 10 ? "Church" : i < 20 ? "Party" : null }),
            ResumableUploadTests.File("twin.png", SmallPng.Of(40, 33, 3)),
            ResumableUploadTests.File("text.jpg", "no photograph"u8.ToArray()),
            ResumableUploadTests.File("empty.jpg", []),
        ];

        var results = await client.Photos.Resumable(gallery.Id, files).RunAsync();

        results.Take(30).Should().OnlyContain(r => r.Outcome == UploadOutcome.Accepted && r.PhotoId != null);
        results[30].Should().BeEquivalentTo(new { Outcome = UploadOutcome.Duplicate, results[3].PhotoId });
        results.Skip(31).Select(r => (r.Outcome.Value, r.Problem?.Code)).Should().Equal(("refused", "not_an_image"), ("refused", "not_an_image"));
        var sections = (await client.Sections.ListAsync(gallery.Id)).Data.ToDictionary(s => s.Id, s => s.Title);
        (await client.Photos.ListAllAsync(gallery.Id).ToListAsync()).CountBy(p => p.SectionId is { } id ? sections[id] : "none")
            .Should().BeEquivalentTo(new Dictionary<string, int> { ["Church"] = 10, ["Party"] = 10, ["none"] = 10 });

        var again = await client.Photos.Resumable(gallery.Id, files.Take(31)).RunAsync();

        again.Should().OnlyContain(r => r.Outcome == UploadOutcome.Duplicate);
        again.Select(r => r.PhotoId).Should().Equal(results.Take(31).Select(r => r.PhotoId));
    }

    [Fact]
    public async Task Canceling_leaves_nothing_at_the_api()
    {
        var (client, gallery) = await GalleryAsync();
        using var _ = client;
        _wire.BytesPerSecond = 300_000;
        var store = new MemoryUploadSessionStore();
        var sent = new TaskCompletionSource();
        var upload = client.Photos.Resumable(gallery.Id, [ResumableUploadTests.File("a.png", SmallPng.Noise(1000, 700, seed: 9))], new()
        {
            Sessions = store,
            ChunkBytes = 64 * 1024,
            Progress = new Direct<UploadProgress>(p =>
            {
                if (p.SentBytes > 100_000)
                {
                    sent.TrySetResult();
                }
            }),
        });
        var running = upload.RunAsync();
        await sent.Task;

        await upload.CancelAsync();

        await running.Invoking(r => r).Should().ThrowAsync<OperationCanceledException>();
        (await client.Photos.ListAllAsync(gallery.Id).ToListAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("S3")]
    [InlineData("Azure")]
    public async Task Files_go_to_a_real_store_past_the_api_and_each_is_answered_for_itself(string provider)
    {
        await using var host = await ApiHost.StartAsync(new(await RemoteStores.SettingsAsync(provider)) { ["Storage:DirectUploads"] = "true" });
        using var wire = new SlowWire(host.Address);
        var (client, gallery) = await GalleryAsync(host, wire.Address);
        using var _ = client;
        var noise = SmallPng.Noise(1000, 700, seed: 4);
        List<UploadFile> files =
        [
            .. Enumerable.Range(0, 8).Select(i => ResumableUploadTests.File($"{i}.png", SmallPng.Of(40, 30 + i, i))),
            ResumableUploadTests.File("noise.png", noise),
            ResumableUploadTests.File("text.jpg", "no photograph"u8.ToArray()),
        ];

        var results = await client.Photos.Resumable(gallery.Id, files).RunAsync();

        results.Take(9).Should().OnlyContain(r => r.Outcome == UploadOutcome.Accepted && r.PhotoId != null);
        results[9].Problem!.Code.Should().Be("not_an_image");
        (await client.Photos.ListAllAsync(gallery.Id).ToListAsync()).Select(p => p.CurrentVersion.Bytes).Should().BeEquivalentTo(files.Take(9).Select(f => f.Length));
        wire.Sent.Should().BeLessThan(noise.Length / 4, "the API gets requests and no pictures");
    }

    private Task<(ProofsheetClient Client, Gallery Gallery)> GalleryAsync() => GalleryAsync(api, _wire.Address);

    private static async Task<(ProofsheetClient Client, Gallery Gallery)> GalleryAsync(ApiHost api, Uri address)
    {
        var client = new ProofsheetClient(address, (await api.StudioAsync()).SecretKey);
        return (client, await client.Galleries.CreateAsync(new() { Title = "Anna & Ben" }));
    }
}
