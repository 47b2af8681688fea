using System.Collections.Concurrent;
using System.Diagnostics;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.Worker;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>Nothing else runs in the process meanwhile, because its memory is measured.</summary>
[CollectionDefinition(nameof(HostileFilesTests), DisableParallelization = true)]
public sealed class HostileFilesCollection;

/// <summary>The files in ../shared/hostile, through inspection and processing; skipped if the folder is not next to the checkout.</summary>
[Collection(nameof(HostileFilesTests))]
public sealed class HostileFilesTests : IDisposable
{
    private const long MostGrowthBytes = 1500L * 1024 * 1024;
    private const long MostWorkerBytes = 1500L * 1024 * 1024;

    // Its own workers, whose memory is measured. A file that takes more than ten seconds of CPU time costs a worker, which is a failure below.
    private readonly ImagingHost imaging = new(("Workers", "2"), ("TimeoutSeconds", "10"));

    public void Dispose() => imaging.Dispose();

    [Fact]
    public async Task Every_hostile_file_ends_as_its_manifest_says_and_leaves_the_process_alive()
    {
        var folder = Path.Combine(imaging.Folder, "hostile");
        var wrong = new ConcurrentBag<string>();
        // proc(5): sets the peak to the present size, because it would include earlier tests.
        if (OperatingSystem.IsLinux())
        {
            await File.WriteAllTextAsync("/proc/self/clear_refs", "5", TestContext.Current.CancellationToken);
        }

        var before = Process.GetCurrentProcess().WorkingSet64;
        // Making the largest files takes a minute. In Ci, one of them is enough: 50,000 by 50,000 pixels of one bit.
        var files = await SharedFolder.MakeHostileAsync(folder, bombs: SharedFolder.IsNightly);
        // One file for each core.
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken }, async (file, cancellation) =>
        {
            var (name, row) = file;
            var path = Path.Combine(folder, name);
            var started = Stopwatch.GetTimestamp();
            var inspection = await imaging.Processor.InspectAsync(path, cancellation);
            var (outcome, output) = await imaging.ProcessAsync(path, cancellation);
            var took = Stopwatch.GetElapsedTime(started);
            var isReady = outcome.Photo is not null;
            if ((row["expect"] == "accept" && !isReady) || (row["expect"] == "reject" && isReady))
            {
                wrong.Add($"{name}: expected {row["expect"]}, was {outcome.Refusal?.ToString() ?? "ready"} ({row["kind"]})");
            }

            if (outcome.Refusal is { Code: ImageRefusal.ImageTooDemandingCode } costly && costly != ImageRefusal.TooManyScans(ImageLimits.Default.MaxScans))
            {
                wrong.Add($"{name}: cost a worker ({outcome.Refusal})");
            }

            if (row["must"].Contains("header", StringComparison.Ordinal) && inspection.Facts is not null)
            {
                wrong.Add($"{name}: passed inspection, {row["must"]}");
            }

            if (isReady)
            {
                foreach (var leak in Leaks(output))
                {
                    wrong.Add($"{name}: {leak}");
                }
            }

            // A replaced worker loses its peak, so the peaks are read after each file.
            foreach (var (id, peak) in PeaksOfWorkers())
            {
                if (peak > MostWorkerBytes)
                {
                    wrong.Add($"{name}: worker {id} took {peak / 1024 / 1024} MB");
                }
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"{took.TotalMilliseconds,7:0} ms  {row["expect"],-7} {outcome.Refusal?.Code ?? "ready",-20} {name.ReplaceLineEndings(" ")}, workers' peaks {string.Join(", ", PeaksOfWorkers().Select(p => p.PeakBytes / 1024 / 1024))} MB");
        });

        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
        var grown = Process.GetCurrentProcess().PeakWorkingSet64 - before;
        Assert.True(grown < MostGrowthBytes, $"this process grew by {grown / 1024 / 1024} MB");
    }

    private IEnumerable<(int Id, long PeakBytes)> PeaksOfWorkers()
    {
        var processor = (WorkerImageProcessor)imaging.Processor;
        foreach (var id in processor.Photographs.IdleProcessIds.Concat(processor.Questions.IdleProcessIds))
        {
            var status = $"/proc/{id}/status";
            if (File.Exists(status) && File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } peak)
            {
                yield return (id, 1024 * long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }

    // Whatever a polyglot or its metadata contained, no output may contain it.
    private static IEnumerable<string> Leaks(string output)
    {
        foreach (var file in Directory.EnumerateFiles(output))
        {
            var text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file));
            foreach (var mark in (string[])["<script", "<?php", "PK\u0005\u0006", "Exif\0", "http://ns.adobe.com", "DROP TABLE"])
            {
                if (text.Contains(mark, StringComparison.Ordinal))
                {
                    yield return $"{Path.GetFileName(file)} holds '{mark}'";
                }
            }
        }
    }
}
