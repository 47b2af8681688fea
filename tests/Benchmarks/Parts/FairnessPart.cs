using System.Diagnostics;
using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>One studio uploads 2,000 photos of 12 megapixels; while they wait, another studio uploads single ones, and each must soon be ready.</summary>
internal sealed class FairnessPart : IPart
{
    private const int Photographs = 2_000;
    private const int Clients = 4;
    private const int Singles = 5;
    private const double MostSeconds = 15;

    public string Name => "fairness";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        var pictures = Enumerable.Range(0, 6).Select(n => CameraPictures.Make(n, 12)).ToList();
        await using var api = await Server.ApiAsync(Shop.PlatformKeyHash);
        using var many = await Shop.OpenAsync(api, []);
        using var one = await Shop.OpenAsync(api, [CameraPictures.Numbered(pictures[0], 9_000)]);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (int number; (number = Interlocked.Increment(ref next)) < Photographs;)
            {
                await many.UploadAsync(number, CameraPictures.Numbered(pictures[number % pictures.Count], number));
            }
        }));

        var seconds = new List<double>();
        for (var single = 1; single <= Singles; single++)
        {
            var clock = Stopwatch.StartNew();
            await one.UploadAsync(single, CameraPictures.Numbered(pictures[1], 9_000 + single));
            while (await one.ReadyCountAsync() < single + 1)
            {
                await Task.Delay(50);
            }

            seconds.Add(clock.Elapsed.TotalSeconds);
        }

        var waiting = Photographs - await many.ReadyCountAsync();
        Console.WriteLine($"  {waiting} photographs of the other studio still wait; single ones were ready after {string.Join(", ", seconds.Select(s => $"{s:0.0}"))} s");
        return waiting < Photographs / 2
            ? throw new InvalidOperationException($"Only {waiting} photographs were waiting at the end, which proves nothing.")
            : [new Row($"a single photograph ready while another studio's {Photographs} wait, longest s", seconds.Max(), "limit", MostSeconds)];
    }
}
