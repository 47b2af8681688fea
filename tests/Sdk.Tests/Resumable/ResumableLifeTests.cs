using System.Diagnostics;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Sdk.Tests.Resumable;

/// <summary>Pausing, stopping, and continuing in another run.</summary>
public sealed class ResumableLifeTests : IDisposable
{
    private readonly StubUploads _server = new();
    private readonly string _folder = TestFolder.New("sessions");

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_pause_interrupts_at_once_and_lasts_as_long_as_it_likes()
    {
        using var client = _server.Client();
        var options = Options() with { Patience = TimeSpan.FromMilliseconds(100), RetryDelay = TimeSpan.FromMilliseconds(1) };
        var upload = client.Photos.Resumable("gal_1", [ResumableUploadTests.File("a.jpg", new byte[3500])], options);
        var interrupted = false;
        _server.Arriving = async (request, cancellation) =>
        {
            if (request.Method.Method == "PATCH" && _server.Count("PATCH") == 2)
            {
                upload.Pause();
                interrupted = cancellation.IsCancellationRequested;
                await Task.Delay(Timeout.Infinite, cancellation);
            }
        };

        var running = upload.RunAsync();
        await Until(() => upload.IsPaused);
        await Task.Delay(400);
        var asked = _server.Asked.Count;
        await Task.Delay(100);
        _server.Asked.Should().HaveCount(asked, "a pause is silent");
        running.IsCompleted.Should().BeFalse();
        upload.Resume();
        var results = await running;

        interrupted.Should().BeTrue();
        results[0].Outcome.Should().Be(UploadOutcome.Accepted);
        _server.BytesTaken.Should().Be(3500);
    }

    [Fact]
    public async Task Another_run_goes_on_where_the_first_was_ended()
    {
        await EndInTheMiddleAsync();
        var readBefore = _server.BytesTaken;
        readBefore.Should().BeInRange(1, 3499);

        using var client = _server.Client();
        var results = await client.Photos.Resumable("gal_1", [File()], Options()).RunAsync();

        results[0].Outcome.Should().Be(UploadOutcome.Accepted);
        _server.BytesTaken.Should().Be(3500);
        Directory.EnumerateFiles(_folder, "*.json").Should().BeEmpty("what has ended is forgotten");
    }

    [Fact]
    public async Task A_changed_file_starts_over()
    {
        await EndInTheMiddleAsync();
        _server.BytesTaken.Should().BePositive();

        using var client = _server.Client();
        var changed = Enumerable.Repeat((byte)9, 3500).ToArray();
        await client.Photos.Resumable("gal_1", [ResumableUploadTests.File("a.jpg", changed, DateTimeOffset.UnixEpoch.AddDays(1))], Options()).RunAsync();

        _server.Photos.Should().ContainSingle().Which.Value.Should().Equal(changed);
    }

    [Fact]
    public async Task An_upload_that_expired_meanwhile_starts_over()
    {
        await EndInTheMiddleAsync();
        _server.Faults = ResumableUploadTests.On("HEAD", _server.Count("HEAD"), new Fault.Expired());

        using var client = _server.Client();
        var results = await client.Photos.Resumable("gal_1", [File()], Options()).RunAsync();

        results[0].Outcome.Should().Be(UploadOutcome.Accepted);
        _server.Photos.Should().ContainSingle().Which.Value.Should().HaveCount(3500);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"Fingerprint":"another"}""")]
    public async Task A_session_that_was_tampered_with_is_no_session(string text)
    {
        await EndInTheMiddleAsync();
        System.IO.File.WriteAllText(Directory.EnumerateFiles(_folder, "*.json").Single(), text);

        using var client = _server.Client();
        var results = await client.Photos.Resumable("gal_1", [File()], Options()).RunAsync();

        results[0].Outcome.Should().Be(UploadOutcome.Accepted);
    }

    [Fact]
    public async Task Two_runs_never_write_one_upload_and_make_one_photo()
    {
        _server.Arriving = (_, cancellation) => Task.Delay(5, cancellation);
        using var client = _server.Client();
        ResumableUpload Run() => client.Photos.Resumable("gal_1", [File()], Options() with { Sessions = new FileUploadSessionStore(_folder) });

        var both = await Task.WhenAll(Run().RunAsync(), Run().RunAsync());

        both.Select(r => r[0].Outcome.Value).Should().BeEquivalentTo("accepted", "duplicate");
        both.Select(r => r[0].PhotoId).Distinct().Should().ContainSingle();
        _server.Photos.Should().HaveCount(1);
        _server.BytesTaken.Should().Be(3500);
        _server.Overlaps.Should().Be(0);
    }

    [Fact]
    public async Task Canceling_has_the_api_forget_what_it_got()
    {
        using var client = _server.Client();
        var upload = client.Photos.Resumable("gal_1", [File()], Options());
        _server.Arriving = (request, cancellation) => request.Method.Method == "PATCH" && _server.Count("PATCH") > 1 ? Task.Delay(Timeout.Infinite, cancellation) : Task.CompletedTask;
        var running = upload.RunAsync();
        await Until(() => _server.Count("PATCH") > 1);

        await upload.CancelAsync();

        await running.Invoking(r => r).Should().ThrowAsync<OperationCanceledException>();
        _server.Count("DELETE").Should().Be(1);
        _server.OpenUploads.Should().Be(0);
        Directory.EnumerateFiles(_folder, "*.json").Should().BeEmpty();
    }

    [Fact]
    public async Task Bytes_that_stand_still_count_as_a_broken_connection()
    {
        using var client = _server.Client();
        _server.Arriving = (request, cancellation) => request.Method.Method == "PATCH" && _server.Count("PATCH") == 2 ? Task.Delay(Timeout.Infinite, cancellation) : Task.CompletedTask;

        var results = await client.Photos.Resumable("gal_1", [File()], Options() with { StallTimeout = TimeSpan.FromMilliseconds(100) }).RunAsync();

        results[0].Outcome.Should().Be(UploadOutcome.Accepted);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Sessions_are_for_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        var store = new FileUploadSessionStore(Path.Combine(_folder, "new"));
        store.SaveAsync(new UploadSession { Fingerprint = new string('a', 64), Path = "a.jpg", UploadIds = ["upl_1"] }, default);

        System.IO.File.GetUnixFileMode(Path.Combine(_folder, "new")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        System.IO.File.GetUnixFileMode(Directory.EnumerateFiles(Path.Combine(_folder, "new"), "*.json").Single()).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private async Task EndInTheMiddleAsync()
    {
        using var client = _server.Client();
        using var stop = new CancellationTokenSource();
        _server.Arriving = async (request, cancellation) =>
        {
            if (request.Method.Method == "PATCH" && _server.Count("PATCH") == 3)
            {
                await stop.CancelAsync();
                cancellation.ThrowIfCancellationRequested();
            }
        };
        await client.Photos.Resumable("gal_1", [File()], Options()).Invoking(u => u.RunAsync(stop.Token)).Should().ThrowAsync<OperationCanceledException>();
        _server.Arriving = (_, _) => Task.CompletedTask;
    }

    private static UploadFile File() => ResumableUploadTests.File("a.jpg", [.. Enumerable.Range(0, 3500).Select(i => (byte)i)], DateTimeOffset.UnixEpoch);

    private ResumableUploadOptions Options() => new() { ChunkBytes = 1000, RetryDelay = TimeSpan.FromMilliseconds(1), Sessions = new FileUploadSessionStore(_folder) };

    private static async Task Until(Func<bool> holds)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
            await Task.Delay(10);
        }
    }
}
