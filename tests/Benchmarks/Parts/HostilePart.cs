using System.Diagnostics;
using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>
/// Hostile files from ../shared/hostile, eight at a time to a running API: the peak memory of the API and its workers, while it answers health checks
/// and a visitor's list. Without that folder next to the checkout there is nothing to measure.
/// </summary>
internal sealed class HostilePart : IPart
{
    private const int AtATime = 8;
    private const int PerSecond = 10;
    private const double MostMegabytes = 1024;
    private const double MostWorkerMegabytes = 1536;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public string Name => "hostile";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        var shared = Path.GetFullPath(Path.Combine(Checkout.Root, "..", "shared"));
        if (!Directory.Exists(shared))
        {
            Console.WriteLine("  ../shared is not next to this checkout: nothing to measure");
            return [];
        }

        using var files = new Temporary();
        Make(shared, files.Folder);
        await using var api = await Server.ApiAsync(Shop.PlatformKeyHash);
        using var shop = await Shop.OpenAsync(api, Shop.Pictures(4));
        var idle = (Api: api.PeakMegabytes, Worker: api.ChildPeaksMegabytes.Max());

        using var ended = new CancellationTokenSource();
        var pace = new Pace(PerSecond);
        var asking = pace.RunAsync(n => AskAsync(shop, n), ended.Token);
        var watching = WatchAsync(api, ended.Token);
        var clock = Stopwatch.StartNew();
        var (sent, taken) = await UploadAsync(shop, files.Folder);
        await SettledAsync(shop);
        var took = clock.Elapsed;
        await ended.CancelAsync();
        await asking;
        var worker = await watching;
        if (pace.Faults.Count > 0)
        {
            throw new InvalidOperationException($"{pace.Faults.Count} requests of {pace.Faults.Count + pace.Milliseconds.Count} failed: {pace.Faults.First()}");
        }

        Console.WriteLine($"  {sent} files, {taken} taken, settled after {took.TotalSeconds:0} s; {pace.Milliseconds.Count} requests meanwhile, p99 {Report.Percentile(pace.Milliseconds, 0.99):0} ms; idle the API had {idle.Api:0} MB, a worker {idle.Worker:0} MB");
        return
        [
            new Row("most memory of the API during hostile uploads, MB", api.PeakMegabytes, "limit", MostMegabytes),
            new Row("the same", api.PeakMegabytes, "before them", idle.Api),
            new Row("most memory of one of its workers, MB", worker, "limit", MostWorkerMegabytes),
        ];
    }

    private static void Make(string shared, string folder)
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(shared, "hostile", "gen_hostile.py"), Path.Combine(shared, "photos", "landscape-1.jpg"), folder, "--bombs"]) { RedirectStandardOutput = true };
        using var python = Process.Start(start)!;
        python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        if (python.ExitCode != 0)
        {
            throw new InvalidOperationException("gen_hostile.py failed.");
        }
    }

    // A refusal is expected; only a 5xx response is a failure.
    private static async Task<(int Sent, int Taken)> UploadAsync(Shop shop, string folder)
    {
        var files = new Queue<string>(Directory.EnumerateFiles(folder).Where(f => !f.EndsWith("manifest.csv", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var (sent, taken) = (files.Count, 0);
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(async _ =>
        {
            while (Next() is { } file)
            {
                // Their names are hostile too, but that is not what is measured here.
                using var form = new MultipartFormDataContent { { new ByteArrayContent(await File.ReadAllBytesAsync(file)), "files", "picture.jpg" } };
                using var answer = await shop.Studio.PostAsync($"/v1/galleries/{shop.GalleryId}/photos", form);
                if ((int)answer.StatusCode >= 500)
                {
                    throw new InvalidOperationException($"{Path.GetFileName(file)}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                }

                if (answer.IsSuccessStatusCode)
                {
                    Interlocked.Increment(ref taken);
                }
            }
        }));
        return (sent, taken);

        string? Next()
        {
            lock (files)
            {
                return files.TryDequeue(out var file) ? file : null;
            }
        }
    }

    private static async Task AskAsync(Shop shop, int number)
    {
        if (number % 2 == 0)
        {
            using var health = await shop.Visitor.GetAsync("/health/ready");
            health.EnsureSuccessStatusCode();
            return;
        }

        await Shop.GetAsync(shop.Visitor, $"/v1/galleries/{shop.GalleryId}/photos?limit=50");
    }

    private static async Task SettledAsync(Shop shop)
    {
        var clock = Stopwatch.StartNew();
        while (await Shop.GetAsync(shop.Studio, $"/v1/galleries/{shop.GalleryId}/progress") is var progress
            && progress["readyCount"]!.GetValue<int>() + progress["failedCount"]!.GetValue<int>() < progress["photoCount"]!.GetValue<int>())
        {
            if (clock.Elapsed > Patience)
            {
                throw new InvalidOperationException($"Not all photographs are ready or failed after {Patience}.");
            }

            await Task.Delay(200);
        }
    }

    /// <summary>The peak memory of any worker; a worker that ends takes its figure with it, so they are polled continuously.</summary>
    private static async Task<double> WatchAsync(Server api, CancellationToken ended)
    {
        var most = 0.0;
        while (!ended.IsCancellationRequested)
        {
            most = Math.Max(most, api.ChildPeaksMegabytes.DefaultIfEmpty().Max());
            await Task.Delay(20, CancellationToken.None);
        }

        return most;
    }
}
