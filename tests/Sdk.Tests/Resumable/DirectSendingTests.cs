using FluentAssertions;
using Xunit;

namespace Proofsheet.Sdk.Tests.Resumable;

/// <summary>Files sent directly to the store, over a real socket; the API is a stub.</summary>
public sealed class DirectSendingTests : IAsyncLifetime
{
    private readonly StubUploads _server = new();
    private StubObjects _store = null!;
    private readonly List<UploadProgress> _told = [];

    public async ValueTask InitializeAsync() => _server.Store = _store = await StubObjects.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        await _store.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Files_go_to_the_store_and_become_photos(int count)
    {
        var files = Enumerable.Range(0, count).Select(i => Random.Shared.GetItems(new byte[] { 1, 2, 3, (byte)i }, 300_000 + i)).ToList();
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", files.Select((bytes, i) => ResumableUploadTests.File($"{i}.jpg", bytes)), Options()).RunAsync();

        results.Should().HaveCount(count).And.OnlyContain(r => r.Outcome == UploadOutcome.Accepted);
        results.Select(r => _server.Photos[r.PhotoId!]).Should().BeEquivalentTo(files);
        _server.Count("PATCH").Should().Be(0);
        _server.OpenUploads.Should().Be(0);
        _told[^1].Should().BeEquivalentTo(new { Percent = 100, FilesDone = count, Stage = UploadStage.Done });
        _told.Where(t => t.Stage == UploadStage.Sending).Select(t => t.FileSentBytes).Distinct().Count().Should().BeGreaterThan(2, "progress is told on the way");
    }

    [Fact]
    public async Task The_store_gets_the_headers_it_wants_and_never_the_credential()
    {
        using var client = _server.Client();

        await client.Photos.Resumable("gal_1", [ResumableUploadTests.File("a.jpg", [1, 2, 3])], Options()).RunAsync();

        var headers = _store.Puts.Should().ContainSingle().Which.Headers;
        headers["x-ms-blob-type"].Should().Be("BlockBlob");
        headers["Content-Length"].Should().Be("3");
        headers.Keys.Should().NotContain(["Authorization", "Cookie", "Tus-Resumable", "Idempotency-Key"]);
        _server.Asked.Select(a => a.Address.Host).Distinct().Should().Equal(["api.example"], "the address in an answer is not followed with a credential");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(503)]
    public async Task What_breaks_once_is_put_again(int status)
    {
        _store.Answers = before => before == 0 ? status : 200;
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", [ResumableUploadTests.File("a.jpg", new byte[100_000])], Options()).RunAsync();

        results[0].Outcome.Should().Be(UploadOutcome.Accepted);
        _store.Puts.Should().HaveCount(2);
        _server.Count("PATCH").Should().Be(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(403)]
    [InlineData(302)]
    public async Task A_store_that_stays_closed_is_left_alone_and_the_files_go_to_the_api(int status)
    {
        _store.Answers = _ => status;
        using var client = _server.Client();
        var files = Enumerable.Range(0, 6).Select(i => ResumableUploadTests.File($"{i}.jpg", [1, 2, (byte)i]));

        var results = await client.Photos.Resumable("gal_1", files, Options() with { Concurrency = 1 }).RunAsync();

        results.Should().HaveCount(6).And.OnlyContain(r => r.Outcome == UploadOutcome.Accepted);
        _server.Photos.Should().HaveCount(6);
        _store.Puts.Should().HaveCount(2, "two tries of the first file are enough to know");
    }

    [Fact]
    public async Task A_store_that_says_yes_and_keeps_nothing_is_found_out()
    {
        _store.Answers = _ => 201;
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", [ResumableUploadTests.File("a.jpg", [1, 2, 3])], Options()).RunAsync();

        results[0].Outcome.Should().Be(UploadOutcome.Accepted);
        _server.Photos.Should().ContainSingle().Which.Value.Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task A_lost_answer_to_the_end_costs_nothing()
    {
        // The three POSTs: create the upload, get the URL, complete it.
        _server.Faults = ResumableUploadTests.On("POST", 2, new Fault.Lost());
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", [ResumableUploadTests.File("a.jpg", [1, 2, 3])], Options()).RunAsync();

        results[0].Should().BeEquivalentTo(new { Outcome = UploadOutcome.Accepted, PhotoId = "pho_1" });
        _store.Puts.Should().ContainSingle();
        _server.Photos.Should().ContainSingle();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_page_in_place_of_the_address_or_of_the_end_loses_no_file(int at)
    {
        _server.Faults = ResumableUploadTests.On("POST", at, new Fault.Page());
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", [ResumableUploadTests.File("a.jpg", [1, 2, 3])], Options()).RunAsync();

        results[0].Should().BeEquivalentTo(new { Outcome = UploadOutcome.Accepted, PhotoId = "pho_1" });
        _server.Photos.Should().ContainSingle();
    }

    [Fact]
    public async Task A_refused_file_is_told_in_its_result()
    {
        _server.Refuses = _ => "not_an_image";
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", [ResumableUploadTests.File("a.jpg", [1])], Options()).RunAsync();

        results[0].Should().BeEquivalentTo(new { Outcome = UploadOutcome.Refused, Problem = new { Code = "not_an_image" } });
        _server.Count("PATCH").Should().Be(0);
    }

    [Fact]
    public async Task A_pause_breaks_the_put_off_and_it_starts_over()
    {
        var (came, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _store.Arriving = ending =>
        {
            came.TrySetResult();
            return goOn.Task.WaitAsync(ending);
        };
        using var client = _server.Client();
        var upload = client.Photos.Resumable("gal_1", [ResumableUploadTests.File("a.jpg", new byte[5_000_000])], Options());
        var running = upload.RunAsync();
        await came.Task;

        upload.Pause();
        goOn.SetResult();
        await Task.Delay(100);
        running.IsCompleted.Should().BeFalse();
        upload.Resume();

        (await running)[0].Outcome.Should().Be(UploadOutcome.Accepted);
        _store.Puts.Should().HaveCount(2);
        _server.Count("PATCH").Should().Be(0);
    }

    [Fact]
    public async Task A_store_that_stands_still_is_given_up()
    {
        _store.Arriving = ending => Task.Delay(System.Threading.Timeout.Infinite, ending);
        using var client = _server.Client();

        var results = await client.Photos.Resumable("gal_1", [ResumableUploadTests.File("a.jpg", new byte[20_000_000])], Options() with { StallTimeout = TimeSpan.FromMilliseconds(300), ChunkBytes = 8 << 20 }).RunAsync();

        results[0].Outcome.Should().Be(UploadOutcome.Accepted);
        _server.Photos.Should().ContainSingle();
    }

    [Fact]
    public async Task Who_wants_no_store_sends_to_the_api()
    {
        using var client = _server.Client();

        await client.Photos.Resumable("gal_1", [ResumableUploadTests.File("a.jpg", [1, 2, 3])], Options() with { SendsDirectly = false }).RunAsync();

        _store.Puts.Should().BeEmpty();
        _server.Photos.Should().ContainSingle();
    }

    private ResumableUploadOptions Options() => new()
    {
        RetryDelay = TimeSpan.FromMilliseconds(1),
        Progress = new Direct<UploadProgress>(_told.Add),
    };
}
