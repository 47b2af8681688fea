using System.Diagnostics;
using System.IO.Compression;
using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>
/// The ZIP of an order of sixty originals, compared with nginx with sendfile serving the same file from disk, and with a Node server that makes it from
/// the same files with archiver. Neither of them combines a known length, resuming and counting.
/// </summary>
internal sealed class ZipPart : IPart
{
    private const int Rounds = 9;
    private const int AtOnce = 8;

    public string Name => "zip";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        await using var api = await Server.ApiAsync(Shop.PlatformKeyHash);
        using var shop = await Shop.OpenAsync(api, Shop.Pictures(12).SelectMany(p => Enumerable.Range(0, 5).Select(n => CameraPictures.Numbered(p, n))));
        var order = await shop.BuyAsync(shop.PhotoIds);
        string? zip;
        while ((zip = (await Shop.GetAsync(shop.Visitor, $"/v1/orders/{order["id"]}/downloads"))["zipUrl"]?.GetValue<string>()) is null)
        {
            await Task.Delay(100);
        }

        using var work = new Temporary();
        using var http = new HttpClient();
        var ours = new Uri(api.Address, zip);
        File.WriteAllBytes(Path.Combine(work.Folder, "order.zip"), await http.GetByteArrayAsync(ours));
        ZipFile.ExtractToDirectory(Path.Combine(work.Folder, "order.zip"), Path.Combine(work.Folder, "files"));
        await using var nginx = await Server.NginxAsync(work.Folder);
        await using var archiver = await Server.NodeAsync("zip-server.mjs", Path.Combine(work.Folder, "files"));
        Uri[] addresses = [ours, new(nginx.Address, "order.zip"), archiver.Address];
        Server[] servers = [api, nginx, archiver];
        var (speeds, cpu) = (addresses.Select(_ => new List<double>()).ToList(), addresses.Select(_ => new List<double>()).ToList());
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < addresses.Length; i++)
            {
                var before = servers[i].CpuSeconds;
                var (megabytes, seconds) = await ReadAsync(http, addresses[i]);
                if (round > 0)
                {
                    speeds[i].Add(megabytes / seconds);
                    cpu[i].Add((servers[i].CpuSeconds - before) / megabytes * 1e5);
                }
            }
        }

        return
        [
            new Row("ZIP of sixty originals, MB/s", Report.Median(speeds[0]), "nginx sendfile, the ready file", Report.Median(speeds[1]), HigherIsBetter: true),
            new Row("ZIP of sixty originals, MB/s", Report.Median(speeds[0]), "npm archiver, the same files", Report.Median(speeds[2]), HigherIsBetter: true),
            new Row("ZIP of sixty originals, the server's CPU ms for 100 MB", Report.Median(cpu[0]), "nginx sendfile, the ready file", Report.Median(cpu[1])),
            new Row("ZIP of sixty originals, the server's CPU ms for 100 MB", Report.Median(cpu[0]), "npm archiver, the same files", Report.Median(cpu[2])),
            new Row($"memory that {AtOnce} ZIPs at once add, MB", await AddedMegabytesAsync(http, api, ours), "npm archiver", await AddedMegabytesAsync(http, archiver, archiver.Address)),
        ];
    }

    private static async Task<(double Megabytes, double Seconds)> ReadAsync(HttpClient http, Uri address)
    {
        var buffer = new byte[1 << 20];
        var clock = Stopwatch.StartNew();
        await using var stream = await http.GetStreamAsync(address);
        long bytes = 0;
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            bytes += read;
        }

        return (bytes / 1e6, clock.Elapsed.TotalSeconds);
    }

    /// <summary>The peak increase of the server's resident memory while slow readers download archives.</summary>
    private static async Task<double> AddedMegabytesAsync(HttpClient http, Server server, Uri address)
    {
        var (before, most) = (server.ResidentMegabytes, 0.0);
        var reading = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            var buffer = new byte[1 << 18];
            await using var stream = await http.GetStreamAsync(address);
            while (await stream.ReadAsync(buffer) > 0)
            {
                await Task.Delay(2);
            }
        }));
        while (!reading.IsCompleted)
        {
            most = Math.Max(most, server.ResidentMegabytes);
            await Task.WhenAny(reading, Task.Delay(20));
        }

        await reading;
        return Math.Max(0, most - before);
    }
}
