using System.Diagnostics;
using System.Text.Json.Nodes;
using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>
/// A cached 1200-pixel rendition, with eight connections, compared with nginx with sendfile serving the same bytes; then watermarked pictures that are
/// not cached, each made from its master, compared with vipsthumbnail making them without a watermark. Memory after each.
/// </summary>
internal sealed class RenditionPart : IPart
{
    private const int Rounds = 5;
    private const int ColdPhotos = 12;

    public string Name => "rendition";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        await using var api = await Server.ApiAsync(Shop.PlatformKeyHash);
        using var shop = await Shop.OpenAsync(api, Shop.Pictures(ColdPhotos));
        return [.. await CachedAsync(api, shop), .. await ColdAsync(api, shop)];
    }

    private static async Task<IReadOnlyList<Row>> CachedAsync(Server api, Shop shop)
    {
        var photo = await Shop.GetAsync(shop.Visitor, $"/v1/photos/{shop.PhotoIds[0]}");
        var address = new Uri(api.Address, photo["urls"]!["preview"]!.GetValue<string>());
        using var http = new HttpClient();
        var root = Directory.CreateTempSubdirectory("proofsheet-bench-").FullName;
        File.WriteAllBytes(Path.Combine(root, "preview.jpg"), await http.GetByteArrayAsync(address));
        await using var nginx = await Server.NginxAsync(root);
        var file = new Uri(nginx.Address, "preview.jpg");
        var (ours, theirs, ourCpu, theirCpu) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            var our = Measure(api, address);
            var their = Measure(nginx, file);
            if (round > 0)
            {
                ours.Add(our.PerSecond);
                theirs.Add(their.PerSecond);
                ourCpu.Add(our.CpuMicroseconds);
                theirCpu.Add(their.CpuMicroseconds);
            }
        }

        Directory.Delete(root, recursive: true);
        return
        [
            new Row("cached rendition of 1200 px, requests/s", Report.Median(ours), "nginx sendfile", Report.Median(theirs), HigherIsBetter: true),
            new Row("cached rendition of 1200 px, CPU µs a request", Report.Median(ourCpu), "nginx sendfile", Report.Median(theirCpu)),
            new Row("memory after it, MB", api.ResidentMegabytes, "nginx sendfile", nginx.ResidentMegabytes),
        ];
    }

    private static (double PerSecond, double CpuMicroseconds) Measure(Server server, Uri address)
    {
        var (cpu, clock) = (server.CpuSeconds, Stopwatch.StartNew());
        var perSecond = Wrk.RequestsPerSecond(address);
        return (perSecond, (server.CpuSeconds - cpu) / (perSecond * clock.Elapsed.TotalSeconds) * 1e6);
    }

    private static async Task<IReadOnlyList<Row>> ColdAsync(Server api, Shop shop)
    {
        var watermark = await Shop.PostAsync(shop.Studio, "/v1/watermarks", new { name = "Proof", type = "text", text = "PROOF", position = "tiled", opacity = 40, sizePercent = 30 });
        using var patch = await shop.Studio.PatchAsync($"/v1/galleries/{shop.GalleryId}", new StringContent(
            new JsonObject { ["watermarkId"] = watermark["id"]!.DeepClone() }.ToJsonString(), System.Text.Encoding.UTF8, "application/merge-patch+json"));
        patch.EnsureSuccessStatusCode();
        using var http = new HttpClient();
        var folder = Directory.CreateTempSubdirectory("proofsheet-bench-").FullName;
        var (ours, theirs) = (new List<double>(), new List<double>());
        foreach (var id in shop.PhotoIds)
        {
            var photo = await Shop.GetAsync(shop.Visitor, $"/v1/photos/{id}");
            var master = Path.Combine(folder, "master.jpg");
            var large = (await Shop.GetAsync(shop.Studio, $"/v1/photos/{id}"))["urls"]!["large"]!.GetValue<string>();
            File.WriteAllBytes(master, await http.GetByteArrayAsync(new Uri(api.Address, large)));
            var before = api.CpuSeconds;
            await http.GetByteArrayAsync(new Uri(api.Address, photo["urls"]!["preview"]!.GetValue<string>()));
            ours.Add((api.CpuSeconds - before) * 1e3);
            theirs.Add(Cpu.OfProgram("vipsthumbnail", master, "-s", "1200x1200>", "-o", Path.Combine(folder, "peer.jpg[Q=82,strip]")) * 1e3);
        }

        Directory.Delete(folder, recursive: true);
        return
        [
            new Row("marked rendition of 1200 px, first time, CPU ms", ours.Average(), "vipsthumbnail of 2048 px, no mark", theirs.Average()),
            new Row("memory after it, MB", api.ResidentMegabytes, "Delivery:MemoryMegabytes", 128),
        ];
    }
}
