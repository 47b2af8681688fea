using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Worker;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

public sealed class WorkerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_that_was_killed_is_replaced_and_the_photograph_still_made()
    {
        using var imaging = new ImagingHost(("Workers", "1"));
        var path = imaging.Write(TestPictures.Jpeg(600, 400, seed: 1));
        await imaging.ProcessAsync(path, Stop);
        var worker = Assert.Single(((WorkerImageProcessor)imaging.Processor).Photographs.IdleProcessIds);
        using (var process = Process.GetProcessById(worker))
        {
            process.Kill();
            await process.WaitForExitAsync(Stop);
        }

        var (outcome, _) = await imaging.ProcessAsync(path, Stop);

        Assert.NotNull(outcome.Photo);
        Assert.NotEqual(worker, Assert.Single(((WorkerImageProcessor)imaging.Processor).Photographs.IdleProcessIds));
    }

    [Fact]
    public async Task Photographs_give_way_to_requests_and_questions_that_someone_waits_for_do_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Priorities are read from /proc, which only Linux has.");
        using var imaging = new ImagingHost(("Workers", "1"), ("LowPriority", "true"));
        var path = imaging.Write(TestPictures.Jpeg(600, 400, seed: 1));
        await imaging.ProcessAsync(path, Stop);
        await imaging.Processor.InspectAsync(path, Stop);
        var processor = (WorkerImageProcessor)imaging.Processor;

        Assert.Equal(10, NiceOf(Assert.Single(processor.Photographs.IdleProcessIds)));
        Assert.Equal(0, NiceOf(Assert.Single(processor.Questions.IdleProcessIds)) - NiceOf(Environment.ProcessId));

        // proc(5): nice is field 19; the name in parentheses may contain anything.
        static int NiceOf(int process)
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[16], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task A_worker_that_hangs_is_killed_when_its_time_is_over_and_another_one_does_its_work()
    {
        using var imaging = new ImagingHost(("Workers", "1"), ("TimeoutSeconds", "6"));
        var path = imaging.Write(TestPictures.Jpeg(600, 400, seed: 2));
        await imaging.ProcessAsync(path, Stop);
        var worker = Assert.Single(((WorkerImageProcessor)imaging.Processor).Photographs.IdleProcessIds);
        Signals.Send(worker, Signals.Stop);

        var started = Stopwatch.GetTimestamp();
        var (outcome, _) = await imaging.ProcessAsync(path, Stop);

        Assert.NotNull(outcome.Photo);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 17.5, 36);
        Assert.NotEqual(worker, Assert.Single(((WorkerImageProcessor)imaging.Processor).Photographs.IdleProcessIds));
    }

    [Fact]
    public async Task A_picture_that_uses_up_its_CPU_time_is_refused()
    {
        using var imaging = new ImagingHost(("Workers", "1"), ("TimeoutSeconds", "1"));

        // Of a picture that was not shrunk before; WebP and AVIF take the longest.
        var outcome = await imaging.Processor.AddFormatsAsync(new ImageJob(imaging.Write(TestPictures.DemandingJpeg), imaging.Folder), Stop);

        Assert.Equal(ImageRefusal.ImageTooDemandingCode, outcome.Refusal?.Code);
        Assert.Empty(((WorkerImageProcessor)imaging.Processor).Photographs.IdleProcessIds);
    }

    [Fact]
    public async Task A_picture_that_takes_more_memory_than_is_allowed_costs_a_worker_and_nothing_else()
    {
        var options = new ImagingOptions { WorkerMemoryMegabytes = 256 };
        using var folder = new ImagingHost();
        var path = folder.Write(TestPictures.DemandingJpeg);
        using var worker = await WorkerProcess.StartAsync(options, Stop);
        var request = new WorkerRequest { Limits = ImageLimits.Default, Process = new ImageJob(path, folder.Folder) };

        string? ended;
        try
        {
            ended = (await worker.RunAsync(request, TimeSpan.FromSeconds(60), Stop)).Outcome?.Refusal?.Code;
        }
        catch (WorkerEndedException)
        {
            ended = ImageRefusal.ImageTooDemandingCode;
        }

        // Some decoders report that memory was refused, others end their process: both give the same result.
        Assert.Equal(ImageRefusal.ImageTooDemandingCode, ended);
        using var roomy = await WorkerProcess.StartAsync(new ImagingOptions(), Stop);
        Assert.NotNull((await roomy.RunAsync(request, TimeSpan.FromSeconds(60), Stop)).Outcome?.Photo);
    }

    [Fact]
    public async Task A_worker_s_memory_is_what_the_system_says_and_one_that_ended_is_worn()
    {
        using var worker = await WorkerProcess.StartAsync(new ImagingOptions(), Stop);
        using var process = Process.GetProcessById(worker.Id);

        Assert.InRange(worker.ResidentBytes, process.WorkingSet64 * 0.9, process.WorkingSet64 * 1.1);
        Assert.False(worker.IsWorn);
        process.Kill();
        await process.WaitForExitAsync(Stop);
        Assert.True(worker.IsWorn);
        Assert.Equal(0, worker.ResidentBytes);
    }

    [Theory]
    [InlineData(300, false)]
    [InlineData(160, true)]
    [InlineData(80, null)]
    public async Task A_worker_that_keeps_half_of_what_it_may_is_worn_and_one_that_takes_more_is_ended(int mayMegabytes, bool? isWorn)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "The worker that keeps 100 MB is a line of Python, which is not installed here.");
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", "import time; kept = b'x' * (100 << 20); time.sleep(0.7); print('{\"Ready\":\"1\"}', flush=True); input()"]);

        var starting = WorkerProcess.StartAsync(start, new ImagingOptions { WorkerMemoryMegabytes = mayMegabytes }, Stop);

        if (isWorn is null)
        {
            Assert.Equal(WorkerEnd.TookTooMuchMemory, (await Assert.ThrowsAsync<WorkerEndedException>(() => starting)).End);
            return;
        }

        using var worker = await starting;
        Assert.Equal(isWorn, worker.IsWorn);
    }

    [Fact]
    public async Task Photographs_are_made_side_by_side_and_the_next_wait_their_turn()
    {
        using var imaging = new ImagingHost(("Workers", "2"));
        var path = imaging.Write(TestPictures.Jpeg(1500, 1000, seed: 4));

        var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => imaging.ProcessAsync(path, Stop)));

        Assert.All(all, one => Assert.NotNull(one.Outcome.Photo));
        Assert.InRange(((WorkerImageProcessor)imaging.Processor).Photographs.IdleProcessIds.Count, 1, 2);
    }

    [Fact]
    public async Task An_idle_worker_is_ended_and_its_memory_given_back()
    {
        using var imaging = new ImagingHost(("WorkerIdleSeconds", "1"));
        await imaging.ProcessAsync(imaging.Write(TestPictures.Jpeg(300, 200, seed: 5)), Stop);
        var pool = ((WorkerImageProcessor)imaging.Processor).Photographs;

        for (var i = 0; i < 50 && pool.IdleProcessIds.Count > 0; i++)
        {
            await Task.Delay(200, Stop);
        }

        Assert.Empty(pool.IdleProcessIds);
    }

    [Fact]
    public async Task Both_ways_of_processing_make_the_same_files()
    {
        using var worker = new ImagingHost();
        using var inProcess = new ImagingHost(("Isolation", "InProcess"));
        Assert.IsType<InProcessImageProcessor>(inProcess.Processor);
        var picture = TestPictures.Jpeg(1400, 900, seed: 6);

        var (one, oneFolder) = await worker.ReadyAsync(picture);
        var (other, otherFolder) = await inProcess.ReadyAsync(picture);

        Assert.Equal(one.Signals.BlurHash, other.Signals.BlurHash);
        Assert.Equal(one.Metadata.TakenAt, other.Metadata.TakenAt);
        foreach (var rendition in one.Renditions.Append(one.Master))
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Combine(oneFolder, rendition.FileName), Stop),
                await File.ReadAllBytesAsync(Path.Combine(otherFolder, rendition.FileName), Stop));
        }
    }

    [Theory]
    [InlineData("Workers", "0")]
    [InlineData("TimeoutSeconds", "-1")]
    [InlineData("LibVipsPath", "/no/such/library.so")]
    public void Options_out_of_range_stop_the_start(string key, string value)
    {
        var previous = VipsLibrary.ConfiguredPath;
        try
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Imaging:" + key, value)]).Build();
            using var services = new ServiceCollection().AddLogging().AddImaging(configuration).BuildServiceProvider();

            Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<ImagingOptions>>().Value);
        }
        finally
        {
            VipsLibrary.ConfiguredPath = previous;
        }
    }
}
