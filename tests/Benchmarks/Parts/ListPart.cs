using System.Diagnostics;
using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>A visitor's page of 50 photos with signed URLs, one request after another, compared with a bare handler that reads the same rows, and with an empty response.</summary>
internal sealed class ListPart : IPart
{
    private const int Requests = 400;
    // Enough for the runtime to recompile the hot code with optimizations, which keeps both cores busy for seconds.
    private const int WarmUp = 2000;

    public string Name => "list";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        await using var api = await Server.ApiAsync(Shop.PlatformKeyHash);
        using var shop = await Shop.OpenAsync(api, SmallPictures(60));
        await using var bare = await Server.BareAsync(api.Database);
        using var direct = new HttpClient { BaseAddress = bare.Address };
        var (ours, theirs) = ($"/v1/galleries/{shop.GalleryId}/photos?limit=50", $"/list/{shop.GalleryId["gal_".Length..]}");
        var (length, bareLength) = ((await shop.Visitor.GetByteArrayAsync(ours)).Length, (await direct.GetByteArrayAsync(theirs)).Length);
        if (Math.Abs(length - bareLength) > length / 10)
        {
            throw new InvalidOperationException($"The bare handler writes {bareLength} bytes and not the {length} of the list.");
        }

        var list = await TimeAsync(shop.Visitor, ours);
        var handler = await TimeAsync(direct, theirs);
        var live = await TimeAsync(shop.Visitor, "/health/live");
        return
        [
            new Row("list of 50 photographs, p50 ms", Report.Median(list), "a bare handler, same rows and JSON", Report.Median(handler)),
            new Row("list of 50 photographs, p95 ms", Report.Percentile(list, 0.95), "a bare handler, same rows and JSON", Report.Percentile(handler, 0.95)),
            new Row("list of 50 photographs, p50 ms", Report.Median(list), "/health/live", Report.Median(live)),
            new Row("list of 50 photographs, p95 ms", Report.Percentile(list, 0.95), "/health/live", Report.Percentile(live, 0.95)),
        ];
    }

    public static async Task<List<double>> TimeAsync(HttpClient http, string path)
    {
        var times = new List<double>();
        for (var request = -WarmUp; request < Requests; request++)
        {
            var clock = Stopwatch.StartNew();
            using var answer = await http.GetAsync(path);
            answer.EnsureSuccessStatusCode();
            if (request >= 0)
            {
                times.Add(clock.Elapsed.TotalMilliseconds);
            }
        }

        return times;
    }

    private static IEnumerable<byte[]> SmallPictures(int count)
    {
        using var work = new Temporary();
        var source = Path.Combine(work.Folder, "source.jpg");
        File.WriteAllBytes(source, Shop.Pictures(1).Single());
        for (var number = 0; number < count; number++)
        {
            // Different sizes, so that no two files are duplicates.
            var small = Path.Combine(work.Folder, $"{number}.jpg");
            Cpu.OfProgram("vipsthumbnail", source, "-s", $"{400 + number}", "-o", small);
            yield return File.ReadAllBytes(small);
        }
    }
}
