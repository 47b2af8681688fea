using System.Diagnostics;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Steps;
using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Api.Imaging.Worker;

namespace Proofsheet.Benchmarks.Support;

/// <summary>
/// The derivative set: 300 px JPEG, 2048 px JPEG with a watermark, 1200 px WebP or AVIF. Each implementation is a separate process that prints the CPU
/// seconds per photo and its peak memory; native/derivatives.c and npm/derivatives.mjs do the same. What is made first does not count. Ours makes more
/// of it than the others: a worker makes hundreds of photos, and the runtime compiles during the first ones.
/// The mode <c>marked</c> takes masters and makes thirty watermarked pictures of each, on request.
/// </summary>
internal static class Derivatives
{
    private const int WarmPasses = 8;
    private const int Passes = 4;
    private const int Requests = 30;
    private const int SignalRounds = 40;
    private static readonly WatermarkRenderer Renderer = new();

    public sealed record Cost(double CpuSeconds, double PeakMegabytes);

    /// <summary>Our implementation, in a separate process: MODE FOLDER PHOTO...</summary>
    public static int Run(string[] arguments)
    {
        var (mode, folder, photos) = (arguments[0], arguments[1], arguments[2..]);
        for (var pass = 0; pass < WarmPasses; pass++)
        {
            MakeAll();
        }

        var before = Cpu.OfThisProcess();
        for (var pass = 0; pass < Passes; pass++)
        {
            MakeAll();
        }

        var seconds = (Cpu.OfThisProcess() - before) / (Passes * photos.Length);
        var peak = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Console.WriteLine($"{seconds:0.000000} {peak}");
        return 0;

        void MakeAll()
        {
            foreach (var photo in photos)
            {
                Make(mode, folder, photo);
            }
        }
    }

    /// <summary>CPU seconds for reading a photo's search signals from sizes that already exist.</summary>
    public static double SignalSeconds(string folder, string photo)
    {
        using var work = Sizes(folder, photo);
        OutputSteps.ReadSignals(work);
        var before = Cpu.OfThisProcess();
        for (var round = 0; round < SignalRounds; round++)
        {
            OutputSteps.ReadSignals(work);
        }

        return (Cpu.OfThisProcess() - before) / SignalRounds;
    }

    public static Cost Ours(string mode, string folder, IEnumerable<string> photos) => Ours(typeof(Derivatives).Assembly.Location, mode, folder, photos);

    /// <param name="build">This assembly, or that of another commit.</param>
    public static Cost Ours(string build, string mode, string folder, IEnumerable<string> photos) =>
        OnOurAllocator("dotnet", [build, "derivatives", mode, folder, .. photos]);

    /// <summary>A process that uses the same allocator settings as a worker of the product.</summary>
    public static Cost OnOurAllocator(string program, params string[] arguments) => Of(program, arguments, WorkerStart.Allocator);

    /// <summary>A process with its default settings.</summary>
    public static Cost Of(string program, params string[] arguments) => Of(program, arguments, new Dictionary<string, string>());

    private static Cost Of(string program, string[] arguments, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var words = process.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return process.ExitCode == 0 && words is [var seconds, var kilobytes]
            ? new Cost(double.Parse(seconds), double.Parse(kilobytes) / 1024)
            : throw new InvalidOperationException($"{program}: {error.Result}");
    }

    private static void Make(string mode, string folder, string photo)
    {
        if (mode == "marked")
        {
            Mark(File.ReadAllBytes(photo));
            return;
        }

        using var work = Sizes(folder, photo);
        using var marked = Renderer.Mark(work.Image, new WatermarkSpec { Text = "© Anna Fischer" });
        Save("300.jpg", VipsEncode.Jpeg(work.Sizes[RenditionSizes.Thumbnail], 80));
        Save("2048.jpg", VipsEncode.Jpeg(marked, 80));
        var preview = work.Sizes[RenditionSizes.Preview];
        Save("1200", mode switch
        {
            "avif0" => VipsEncode.Avif(preview, RenditionQuality.Avif(preview), RenditionQuality.AvifEffort),
            "webp2" => VipsEncode.WebP(preview, 80, 2),
            _ => VipsEncode.WebP(preview, 80, 4),
        });

        void Save(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(folder, name), bytes);
    }

    /// <summary>What a photo's page requests: one size on request, from the master, with the watermark.</summary>
    private static void Mark(byte[] master)
    {
        for (var request = 0; request < Requests; request++)
        {
            Renderer.Render(master, new RenderSpec(RenditionSizes.Preview, RenditionFormat.Jpeg, new WatermarkSpec { Text = "© Anna Fischer" }));
        }
    }

    private static RenditionWork Sizes(string folder, string photo)
    {
        var work = new RenditionWork(new ImageJob(photo, folder), ImageInspector.Inspect(photo, ImageLimits.Default).Facts!);
        foreach (var step in (Action<RenditionWork>[])[DecodeSteps.Open, DecodeSteps.FlattenOnWhite, DecodeSteps.ShrinkToLarge, DecodeSteps.ConvertToSrgb, DecodeSteps.HoldInMemory, DecodeSteps.TurnUpright, OutputSteps.MakeSizes])
        {
            step(work);
        }

        return work;
    }
}
