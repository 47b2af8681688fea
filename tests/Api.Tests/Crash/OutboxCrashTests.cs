using System.Diagnostics;
using System.Net.Http.Headers;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Photos.Processing;
using Proofsheet.Api.Tests.Imaging;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Outbox;
using Xunit;

namespace Proofsheet.Api.Tests.Crash;

/// <summary>Messages of a real process that its own work kills, and of one that is asked to stop.</summary>
[Trait("Suite", "Ci")]
public sealed class OutboxCrashTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Work_that_kills_its_process_each_time_is_buried_and_the_next_process_lives()
    {
        await using var site = await CrashSite.MakeAsync(DatabaseProvider.Sqlite, processes: 1);
        var (studio, photos) = await UploadAsync(site, TestPictures.Jpeg(720, 480, 1));

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            using var dying = site.Processes[0].StartAlone(Dying);
            await dying.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
            dying.ExitCode.Should().Be(128 + Signals.Kill);
            (await MessagesAsync(site)).Single().Attempts.Should().Be(attempt);
        }

        using var living = site.Processes[0].StartAlone(Dying);
        await site.Processes[0].UntilReadyAsync();
        await ApiHost.EventuallyAsync(async () => (await MessagesAsync(site)).Single().DeadAt is not null, "it is a dead letter");

        living.HasExited.Should().BeFalse();
        var failed = (await studio.GetAsync($"/v1/photos/{photos.Single()}")).ShouldBe(200);
        (failed["status"], failed["failure.code"]).Should().Be(("failed", "processing_failed"));
        (await site.Client(site.PlatformKey).GetAsync("/v1/platform/dead-letters")).ShouldBe(200).Body!["data"]!.AsArray().Should().ContainSingle();
        await StopAsync(site, living);
    }

    [Fact]
    public async Task A_process_that_is_asked_to_stop_gives_back_what_it_holds_and_the_next_one_does_it_all()
    {
        await using var site = await CrashSite.MakeAsync(DatabaseProvider.Sqlite, processes: 1);
        await UploadAsync(site, [.. Enumerable.Range(0, 8).Select(seed => TestPictures.Jpeg(3000, 2000, seed))]);

        using var stopping = site.Processes[0].StartAlone(("Outbox:LeaseSeconds", "600"));
        await site.Processes[0].UntilReadyAsync();
        await ApiHost.EventuallyAsync(async () => (await MessagesAsync(site)).Any(m => m.LeaseOwner is not null), "it holds a message");
        var held = (await MessagesAsync(site)).Where(m => m.LeaseOwner is not null).Select(m => m.Id).ToList();
        await StopAsync(site, stopping);

        var left = (await MessagesAsync(site)).Where(m => m.DoneAt is null).ToList();
        left.Should().NotBeEmpty("it was stopped before it was through").And.OnlyContain(m => m.LeaseOwner == null && m.Attempts == 0);
        left.Select(m => m.Id).Should().Contain(id => held.Contains(id), "it held one of them");
        await site.StartAllAsync();
        await ApiHost.EventuallyAsync(async () => (await MessagesAsync(site)).All(m => m.DoneAt is not null), "the next process does the rest, long before the lease would have ended");
    }

    private static (string, string)[] Dying =>
    [
        ("DOTNET_STARTUP_HOOKS", typeof(StartupHook).Assembly.Location), (StartupHook.EventVariable, PhotoProcessingAsked.EventName), ("Outbox:MaxAttempts", "2"), ("Outbox:LeaseSeconds", "2"),
    ];

    /// <summary>Uploads to a process that leaves background work to others, and stops it.</summary>
    private static async Task<(StubbornClient Studio, List<string> Photos)> UploadAsync(CrashSite site, params byte[][] pictures)
    {
        using var serving = site.Processes[0].StartAlone(("Outbox:Enabled", "false"));
        await site.Processes[0].UntilReadyAsync();
        var made = (await site.Client(site.PlatformKey).PostAsync("/v1/studios", new { name = "Anna", slug = "anna", currency = "EUR" })).ShouldBe(201);
        var studio = site.Client(made["secretKey.secret"]);
        var gallery = (await studio.PostAsync("/v1/galleries", new { title = "Wedding" })).ShouldBe(201)["id"];
        var photos = new List<string>();
        foreach (var picture in pictures)
        {
            var answer = (await studio.SendAsync(HttpMethod.Post, $"/v1/galleries/{gallery}/photos", () => Form($"{photos.Count}.jpg", picture))).ShouldBe(201);
            photos.Add(answer.Body!["results"]![0]!["photo"]!["id"]!.GetValue<string>());
        }

        await StopAsync(site, serving);
        return (studio, photos);
    }

    private static MultipartFormDataContent Form(string name, byte[] jpeg)
    {
        var part = new ByteArrayContent(jpeg);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return new MultipartFormDataContent { { part, "files", name } };
    }

    private static async Task StopAsync(CrashSite site, Process process)
    {
        process.Signal(Signals.Terminate);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        process.ExitCode.Should().Be(0, "it stopped in order: {0}", site.Processes[0].LogTail());
    }

    private static async Task<List<OutboxMessage>> MessagesAsync(CrashSite site)
    {
        await using var db = site.OpenDatabase();
        return await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.Event == PhotoProcessingAsked.EventName).ToListAsync();
    }
}
