using Proofsheet.Api.Imaging;
using Proofsheet.Benchmarks.Parts;

namespace Proofsheet.Benchmarks.Support;

/// <summary>
/// Compares this build with another one, such as the previous commit: both make the same pictures in turn, each in a separate process, and only CPU
/// time counts, so that the ratio is reliable on a busy machine.
/// </summary>
internal static class Paired
{
    private const int Photos = 2;
    private const int DefaultRounds = 15;

    /// <summary>OTHER [MODE] [ROUNDS], as for <see cref="Derivatives.Run"/>.</summary>
    public static int Run(string other, string[] arguments)
    {
        var mode = arguments.ElementAtOrDefault(0) ?? "webp4";
        var rounds = arguments.Length > 1 ? int.Parse(arguments[1]) : DefaultRounds;
        using var temporary = new Temporary();
        var photos = Enumerable.Range(0, Photos).Select(number => DerivativesPart.LargePhoto(temporary.Folder, number)).ToArray();
        if (mode == "marked")
        {
            photos = [.. photos.Select((photo, number) => Master(photo, Directory.CreateDirectory(Path.Combine(temporary.Folder, $"{number}")).FullName))];
        }

        string[] builds = [typeof(Paired).Assembly.Location, Path.GetFullPath(other)];
        var costs = builds.Select(_ => new List<Derivatives.Cost>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            // The second of a pair finds the files in the page cache, so they alternate in going first.
            foreach (var build in round % 2 == 0 ? [0, 1] : new[] { 1, 0 })
            {
                costs[build].Add(Derivatives.Ours(builds[build], mode, temporary.Folder, photos));
            }

            Console.WriteLine($"round {round + 1}: {costs[0][^1].CpuSeconds:0.0000} s, the other {costs[1][^1].CpuSeconds:0.0000} s");
        }

        var ratios = costs[0].Zip(costs[1], (ours, theirs) => ours.CpuSeconds / theirs.CpuSeconds).Order().ToList();
        Console.WriteLine($"{mode}: median {Report.Median(costs[0].Select(c => c.CpuSeconds)):0.0000} s of CPU, the other {Report.Median(costs[1].Select(c => c.CpuSeconds)):0.0000} s; "
            + $"ratio of the pairs {Report.Median(ratios):0.000}, from {ratios[0]:0.00} to {ratios[^1]:0.00}; "
            + $"memory {Report.Median(costs[0].Select(c => c.PeakMegabytes)):0} and {Report.Median(costs[1].Select(c => c.PeakMegabytes)):0} MB");
        return 0;
    }

    private static string Master(string photo, string folder)
    {
        var made = RenditionPipeline.Run(new ImageJob(photo, folder), ImageLimits.Default);
        return Path.Combine(folder, made.Photo?.Master.FileName ?? throw new InvalidOperationException($"{photo} was refused: {made.Refusal}"));
    }
}
